#include "changebank/daemon/http/socket/TlsSession.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestCertificate;

namespace {

using Status = TlsSession::Status;

const std::string getRequest = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::size_t handshakeLimit = std::size_t{32} * 1024;

ServerParams::Ptr tlsParams(const TestCertificate& certificate, ServerLimits limits = testLimits(),
                            const std::string& clientCa = {}) {
    ServerParams::Ptr params(new ServerParams(limits));
    params->setTlsContextSource(std::make_shared<ReplaceableTlsContext>(
        serverTlsContext({certificate.certificateFile(), certificate.keyFile(), clientCa})));
    return params;
}

Poco::Net::HTTPRequestHandler* makeEcho(const Request&) {
    return new FunctionHandler(echo);
}

/// A session, and the client's end of its socket.
struct Pair {
    TestCertificate certificate;
    std::array<int, 2> ends = connectedSockets();
    TlsSession session{ends[0], serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}}),
                       handshakeLimit};

    ~Pair() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    void send(const std::string& bytes) {
        BOOST_REQUIRE(::send(ends[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                      static_cast<ssize_t>(bytes.size()));
    }

    static std::array<int, 2> connectedSockets() {
        std::array<int, 2> ends{};
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
        return ends;
    }
};

/// The beginning of a ClientHello that claims so many bytes.
std::string helloOf(std::size_t length) {
    std::string hello{'\x16', '\x03', '\x01', '\x00', '\x0a', '\x01'};
    for (const int shift : {16, 8, 0})
        hello += static_cast<char>(length >> shift);
    return hello + "\x03\x03rrrr";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TlsSessionTest)

BOOST_AUTO_TEST_CASE(KeyUpdatesWithoutDataEndTheConnection) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(certificate));
    auto client = RawClient::tls(server.port());
    for (int i = 0; i < 3; ++i) {
        client.updateKeys(TlsSession::maxIdleMessages);
        BOOST_TEST(client.exchange(getRequest).status == 200, "data come between the updates");
    }
    client.updateKeys(TlsSession::maxIdleMessages + 1);
    BOOST_TEST(client.isEnded());
}

// OpenSSL would refuse it with a warning and read on.
BOOST_AUTO_TEST_CASE(ARequestForRenegotiationEndsTheConnection) {
    Pair pair;
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                    &SSL_CTX_free);
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(context.get()), &SSL_free);
    SSL_set_fd(client.get(), pair.ends[1]);
    SSL_set_connect_state(client.get());
    for (int turns = 0; SSL_do_handshake(client.get()) != 1 || !pair.session.isHandshaken(); ++turns) {
        BOOST_REQUIRE(turns < 10);
        pair.session.handshake();
    }
    std::array<char, 100> buffer;
    BOOST_TEST((pair.session.read(buffer).status == Status::Blocked));
    BOOST_TEST(SSL_renegotiate(client.get()) == 1);
    BOOST_TEST(SSL_do_handshake(client.get()) == -1);
    BOOST_TEST((pair.session.read(buffer).status == Status::Failed));
    ERR_clear_error();
}

// OpenSSL would allocate as much as the ClientHello claims.
BOOST_AUTO_TEST_CASE(AClientHelloThatClaimsTooMuchFails) {
    for (const auto& [length, status] : {std::pair{TlsSession::maxClientHello, Status::Blocked},
                                         std::pair{TlsSession::maxClientHello + 1, Status::Failed}}) {
        Pair pair;
        BOOST_TEST((pair.session.handshake().status == Status::Blocked));
        pair.send(helloOf(length));
        BOOST_TEST((pair.session.handshake().status == status), length);
    }
}

BOOST_AUTO_TEST_CASE(AnIncompleteHandshakeCountsItsMemory) {
    Pair pair;
    const auto before = pair.session.memory();
    BOOST_TEST(pair.session.bufferMemory() == 0U);
    pair.send(helloOf(500));
    BOOST_TEST((pair.session.handshake().status == Status::Blocked));
    BOOST_TEST(pair.session.bufferMemory() > 0U);
    BOOST_TEST(pair.session.memory() == before + pair.session.bufferMemory());
}

// The rest is already in the socket when a call has used its share, so that no edge would announce it.
BOOST_AUTO_TEST_CASE(ALongHandshakeTakesSeveralCalls) {
    const TestCertificate certificate;
    const TestCertificate known;
    const TemporaryFolder folder;
    std::stringstream pem;
    pem << std::ifstream(known.certificateFile()).rdbuf();
    std::string chain;
    while (chain.size() < 3 * TlsSession::maxInputPerCall)
        chain += pem.str();
    const auto file = folder.write("chain.pem", chain);

    auto limits = testLimits();
    limits.maxHandshakeBytes = 4 * chain.size();
    TestServer server(makeEcho, tlsParams(certificate, limits, known.certificateFile()));
    BOOST_TEST(RawClient::tls(server.port(), file, known.keyFile()).exchange(getRequest).status == 200);

    limits.maxHandshakeBytes = handshakeLimit;
    TestServer strict(makeEcho, tlsParams(certificate, limits, known.certificateFile()));
    BOOST_CHECK_THROW(RawClient::tls(strict.port(), file, known.keyFile()).exchange(getRequest),
                      Poco::IOException);
}

BOOST_AUTO_TEST_SUITE_END()
