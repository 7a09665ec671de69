#include "changebank/daemon/http/socket/TlsSession.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/socket/CertificateThumbprint.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/MemoryTlsClient.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank::http;
using namespace changebank::http::test;
using changebank::FileDescriptor;
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

std::string textOf(const std::string& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::string thumbprintOf(const TestCertificate& certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> input(
        BIO_new_file(certificate.certificateFile().c_str(), "r"), &BIO_free);
    const std::unique_ptr<X509, decltype(&X509_free)> parsed(
        PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr), &X509_free);
    return certificateThumbprint(*parsed);
}

constexpr std::array<int, 2> versions{TLS1_2_VERSION, TLS1_3_VERSION};

/// A client that speaks one version alone and remembers its session.
class Client {
public:
    explicit Client(int version) {
        SSL_CTX_set_min_proto_version(_context.get(), version);
        SSL_CTX_set_max_proto_version(_context.get(), version);
    }

    void show(const TestCertificate& certificate, const std::string& chain = {}) {
        const auto file = chain.empty() ? certificate.certificateFile() : chain;
        SSL_CTX_use_certificate_chain_file(_context.get(), file.c_str());
        SSL_CTX_use_PrivateKey_file(_context.get(), certificate.keyFile().c_str(), SSL_FILETYPE_PEM);
    }
    void withoutTickets() { SSL_CTX_set_options(_context.get(), SSL_OP_NO_TICKET); }

    /// What one connection came to.
    struct Connected {
        bool isComplete;
        bool isResumed;
        std::string thumbprint;
        std::size_t memory;
    };

    /// Connects with a new TlsSession, resuming the session of the connection before if the server agrees.
    Connected connect(const Poco::Net::Context::Ptr& server, std::size_t limit = handshakeLimit) {
        const auto ends = Pair::connectedSockets();
        const FileDescriptor near(ends[0]);
        const FileDescriptor far(ends[1]);
        TlsSession session(near.get(), server, limit);
        const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(_context.get()), &SSL_free);
        SSL_set_fd(client.get(), far.get());
        SSL_set_connect_state(client.get());
        if (_session) SSL_set_session(client.get(), _session.get());
        std::array<char, 100> buffer;
        for (int turn = 0; turn < 20; ++turn) {
            SSL_do_handshake(client.get());
            session.handshake();
        }
        const bool isResumed = SSL_session_reused(client.get()) == 1;
        // In TLS 1.3 the tickets come after the handshake.
        SSL_read(client.get(), buffer.data(), buffer.size());
        if (session.isHandshaken()) _session.reset(SSL_get1_session(client.get()));
        // OpenSSL would forget the session of a connection that ends otherwise.
        SSL_shutdown(client.get());
        session.endWriting();
        ERR_clear_error();
        return {session.isHandshaken(), isResumed, session.clientCertificateThumbprint(), session.memory()};
    }

private:
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> _context{SSL_CTX_new(TLS_client_method()),
                                                               &SSL_CTX_free};
    std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> _session{nullptr, &SSL_SESSION_free};
};

Poco::Net::Context::Ptr contextOf(const TestCertificate& certificate, ClientCertificates expectation,
                                  const std::string& clientCa = {}) {
    return serverTlsContext({certificate.certificateFile(), certificate.keyFile(), clientCa, expectation});
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
    std::string chain;
    while (chain.size() < 3 * TlsSession::maxInputPerCall)
        chain += textOf(known.certificateFile());
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

BOOST_AUTO_TEST_CASE(TheThumbprintIsThatOfTheClientsOwnCertificate) {
    const TestCertificate server;
    const TestCertificate own;
    const TestCertificate issuer;
    const TemporaryFolder folder;
    const auto chain =
        folder.write("chain.pem", textOf(own.certificateFile()) + textOf(issuer.certificateFile()));
    const auto request = contextOf(server, ClientCertificates::Request);
    const auto require = contextOf(server, ClientCertificates::Require, own.certificateFile());
    const auto off = contextOf(server, ClientCertificates::Off);
    for (const int version : versions) {
        Client client(version);
        client.show(own, chain);
        BOOST_TEST(client.connect(request).thumbprint == thumbprintOf(own));
        BOOST_TEST(client.connect(require).thumbprint == thumbprintOf(own));
        BOOST_TEST(client.connect(off).isComplete);
        BOOST_TEST(client.connect(off).thumbprint == "");
        BOOST_TEST(Client(version).connect(request).isComplete);
        BOOST_TEST(Client(version).connect(request).thumbprint == "");
    }
}

// The longest one makes the longest ClientHello, with its ticket.
BOOST_AUTO_TEST_CASE(AResumedSessionKeepsItsCertificate) {
    const TestCertificate server;
    const TestCertificate own;
    const TestCertificate longest("DNS:" + std::string(maxClientCertificate - 400, 'a'));
    for (const int version : versions) {
        for (const auto* certificate : {&own, &longest}) {
            for (const auto& context :
                 {contextOf(server, ClientCertificates::Request),
                  contextOf(server, ClientCertificates::Require, certificate->certificateFile())}) {
                Client client(version);
                client.show(*certificate);
                BOOST_TEST(!client.connect(context).isResumed);
                for (int i = 0; i < 2; ++i) {
                    const auto again = client.connect(context);
                    BOOST_TEST(again.isComplete);
                    BOOST_TEST(again.isResumed);
                    BOOST_TEST(again.thumbprint == thumbprintOf(*certificate));
                }
            }
        }
        Client anonymous(version);
        const auto context = contextOf(server, ClientCertificates::Request);
        anonymous.connect(context);
        const auto again = anonymous.connect(context);
        BOOST_TEST(again.isResumed);
        BOOST_TEST(again.thumbprint == "");
    }
}

// A session renews its ticket whenever it is resumed, and would never end.
BOOST_AUTO_TEST_CASE(ASessionEndsWithItsCertificateWhereThatMustBeValid) {
    const TestCertificate server;
    const TestCertificate own(TestCertificate::Recipe{.validFor = std::chrono::seconds(4)});
    const auto request = contextOf(server, ClientCertificates::Request);
    const auto require = contextOf(server, ClientCertificates::Require, own.certificateFile());
    std::vector<Client> clients;
    for (const int version : versions) {
        clients.emplace_back(version).show(own);
        BOOST_TEST(clients.back().connect(require).isComplete);
        BOOST_TEST(clients.back().connect(require).isResumed);
    }
    for (auto& client : clients)
        BOOST_TEST(eventually([&] { return !client.connect(require).isComplete; }));
    for (auto& client : clients) {
        client.connect(request);
        BOOST_TEST(client.connect(request).isResumed);
    }
}

// They would stay in the server's memory.
BOOST_AUTO_TEST_CASE(NoSessionIsResumedByItsId) {
    const TestCertificate server;
    const TestCertificate own;
    const auto context = contextOf(server, ClientCertificates::Request);
    Client client(TLS1_2_VERSION);
    client.withoutTickets();
    client.show(own);
    for (int i = 0; i < 2; ++i) {
        const auto connected = client.connect(context);
        BOOST_TEST(!connected.isResumed);
        BOOST_TEST(connected.thumbprint == thumbprintOf(own));
    }
}

BOOST_AUTO_TEST_CASE(NoSessionIsResumedUnderAnotherContext) {
    const TestCertificate server;
    const TestCertificate own;
    const TestCertificate known;
    for (const int version : versions) {
        for (const auto before : {ClientCertificates::Off, ClientCertificates::Request}) {
            const auto require = contextOf(server, ClientCertificates::Require, known.certificateFile());
            Client anonymous(version);
            BOOST_TEST(anonymous.connect(contextOf(server, before)).isComplete);
            BOOST_TEST(!anonymous.connect(require).isComplete);

            Client stranger(version);
            stranger.show(own);
            BOOST_TEST(stranger.connect(contextOf(server, before)).isComplete);
            BOOST_TEST(!stranger.connect(require).isComplete);

            Client admitted(version);
            admitted.show(known);
            BOOST_TEST(admitted.connect(contextOf(server, before)).isComplete);
            const auto connected = admitted.connect(require);
            BOOST_TEST(connected.isComplete);
            BOOST_TEST(!connected.isResumed);
            BOOST_TEST(connected.thumbprint == thumbprintOf(known));
        }
    }
}

BOOST_AUTO_TEST_CASE(TheCertificatesOfAHandshakeAreLimited) {
    const TestCertificate server;
    const TestCertificate own;
    const TemporaryFolder folder;
    const auto context = contextOf(server, ClientCertificates::Request);
    // PEM is longer than DER by a third.
    const auto chainOf = [&](std::size_t bytes) {
        std::string chain;
        while (chain.size() * 3 / 4 < bytes)
            chain += textOf(own.certificateFile());
        return folder.write("chain.pem", chain);
    };
    for (const int version : versions) {
        Client client(version);
        client.show(own, chainOf(handshakeLimit - 6 * 1024));
        BOOST_TEST(client.connect(context).thumbprint == thumbprintOf(own));
        Client excessive(version);
        excessive.show(own, chainOf(handshakeLimit + 6 * 1024));
        BOOST_TEST(!excessive.connect(context).isComplete);
    }
}

BOOST_AUTO_TEST_CASE(CertificatesCountAsMemory) {
    const TestCertificate server;
    const TestCertificate own;
    const TemporaryFolder folder;
    const auto one = textOf(own.certificateFile());
    const auto context = contextOf(server, ClientCertificates::Request);
    for (const int version : versions) {
        const auto memoryWith = [&](const std::string& chain) {
            Client client(version);
            if (!chain.empty()) client.show(own, folder.write("chain.pem", chain));
            return client.connect(context).memory;
        };
        const auto without = memoryWith({});
        const auto ofOne = memoryWith(one) - without;
        BOOST_TEST(ofOne > 4096U);
        BOOST_TEST(memoryWith(one + one + one) == without + 3 * ofOne);
    }
}

// Otherwise a flood of clients that stall after their certificates would hold memory that nobody counts.
BOOST_AUTO_TEST_CASE(CertificatesOfAnIncompleteHandshakeCountAsItsMemory) {
    const TestCertificate server;
    const TestCertificate own;
    const auto context = contextOf(server, ClientCertificates::Request);
    for (const int version : versions) {
        const auto stalledMemory = [&](const TestCertificate* certificate) {
            const auto ends = Pair::connectedSockets();
            const FileDescriptor near(ends[0]);
            const FileDescriptor far(ends[1]);
            TlsSession session(near.get(), context, handshakeLimit);
            MemoryTlsClient client(version, certificate);
            const auto send = [&](std::string_view bytes) {
                BOOST_REQUIRE(::send(far.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
                BOOST_TEST((session.handshake().status == Status::Blocked));
            };
            send(client.answer({}));
            std::array<char, 16384> flight;
            const auto length = ::recv(far.get(), flight.data(), flight.size(), 0);
            BOOST_REQUIRE(length > 0);
            auto rest = client.answer({flight.data(), static_cast<std::size_t>(length)});
            rest.resize(rest.size() - 1);
            send(rest);
            BOOST_TEST(session.clientCertificateThumbprint() == "");
            return session.bufferMemory();
        };
        BOOST_TEST(stalledMemory(&own) > stalledMemory(nullptr) + 4096);
    }
}

BOOST_AUTO_TEST_SUITE_END()
