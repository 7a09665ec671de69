#include "changebank/daemon/http/socket/Transport.h"

#include <Poco/Net/SecureServerSocket.h>

#include <boost/test/unit_test.hpp>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

const std::string getRequest = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

ServerParams::Ptr tlsParams(const TlsContextSource::Ptr& source, ServerLimits limits = testLimits()) {
    limits.maxBodyBytes = 4 * 1024 * 1024;
    ServerParams::Ptr params(new ServerParams(limits));
    params->setTlsContextSource(source);
    return params;
}

TlsContextSource::Ptr sourceOf(const TestCertificate& certificate, const std::string& clientCa = {}) {
    return std::make_shared<ReplaceableTlsContext>(
        serverTlsContext({certificate.certificateFile(), certificate.keyFile(), clientCa}));
}

Poco::Net::HTTPRequestHandler* makeEcho(const Request&) {
    return new FunctionHandler(echo);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TransportTest)

BOOST_AUTO_TEST_CASE(ServesHttps) {
    const TestCertificate certificate;
    TestServer server(
        [](const Request&) {
            return new FunctionHandler([](Request& request, Response& response) {
                response.send() << (request.secure() ? "secure" : "plain");
            });
        },
        tlsParams(sourceOf(certificate)));
    auto client = RawClient::tls(server.port());
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(client.exchange(getRequest).body == "secure");
    BOOST_TEST(client.exchange("GET / HTTP/1.0\r\n\r\n").status == 200);
    BOOST_TEST(client.isEnded());
}

BOOST_AUTO_TEST_CASE(TellsATlsClientThatTheStreamEnds) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate)));
    auto client = RawClient::tls(server.port());
    BOOST_TEST(client.exchange("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").status == 200);
    BOOST_TEST(client.isEnded());
    BOOST_TEST(client.heardCloseNotify());
}

BOOST_AUTO_TEST_CASE(ServesASecureServerSocketOfPocos) {
    const TestCertificate certificate;
    const Poco::Net::Context::Ptr context =
        serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}});
    Poco::Net::SecureServerSocket socket(context);
    socket.bind({"127.0.0.1", 0}, true, false);
    socket.listen(64);
    TestServer server(makeEcho, new ServerParams(testLimits()), socket);
    BOOST_TEST(RawClient::tls(server.port()).exchange(getRequest).body == "GET /a h ");
}

BOOST_AUTO_TEST_CASE(MovesLargeBodiesOverTls) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate)));
    auto client = RawClient::tls(server.port());
    const std::string body(4 * 1024 * 1024, 'x');
    client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
    client.send(body);
    BOOST_TEST((client.read().body == "POST / h " + body));
    BOOST_TEST(client.exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(PendingBytesAreNotForgotten) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate)));
    auto client = RawClient::tls(server.port());
    // What OpenSSL has decrypted already makes no socket readable.
    std::string requests;
    for (int i = 0; i < 1000; ++i)
        requests += getRequest;
    client.send(requests);
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST_REQUIRE(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(AHandshakeThatStallsHoldsUpNobody) {
    const TestCertificate certificate;
    auto limits = testLimits();
    limits.threads = 1;
    limits.headerTimeout = 300ms;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate), limits));
    auto stalled = server.connect();
    stalled.send("\x16\x03\x01");
    BOOST_TEST(RawClient::tls(server.port()).exchange(getRequest).status == 200);
    BOOST_TEST(stalled.isEnded());
}

BOOST_AUTO_TEST_CASE(PlainTextOnATlsPortIsClosed) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate)));
    auto client = server.connect();
    client.send(getRequest);
    client.readToEnd();
    BOOST_TEST(server.requests() == 0);
    BOOST_TEST(eventually([&] { return server.server().currentConnections() == 0; }));
}

BOOST_AUTO_TEST_CASE(CertificatesAreReplacedWhileConnectionsLive) {
    const TestCertificate before("DNS:before");
    const TestCertificate after("DNS:after");
    const auto source = std::make_shared<ReplaceableTlsContext>(
        serverTlsContext({before.certificateFile(), before.keyFile(), {}}));
    TestServer server(makeEcho, tlsParams(source));
    auto old = RawClient::tls(server.port());
    BOOST_TEST(old.exchange(getRequest).status == 200);
    source->replace(serverTlsContext({after.certificateFile(), after.keyFile(), {}}));
    auto fresh = RawClient::tls(server.port());
    BOOST_TEST(fresh.serverIs("after"));
    BOOST_TEST(old.serverIs("before"));
    BOOST_TEST(old.exchange(getRequest).status == 200);
    BOOST_CHECK_THROW(source->replace(nullptr), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(ClientsShowACertificateWhereOneIsRequired) {
    const TestCertificate certificate;
    const TestCertificate known;
    const TestCertificate unknown;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate, known.certificateFile())));
    BOOST_TEST(
        RawClient::tls(server.port(), known.certificateFile(), known.keyFile()).exchange(getRequest).status ==
        200);
    BOOST_CHECK_THROW(RawClient::tls(server.port()).exchange(getRequest), Poco::IOException);
    BOOST_CHECK_THROW(
        RawClient::tls(server.port(), unknown.certificateFile(), unknown.keyFile()).exchange(getRequest),
        Poco::IOException);
    BOOST_TEST(server.requests() == 1);
}

BOOST_AUTO_TEST_CASE(EveryRequestHasTheThumbprintOfItsClient) {
    const TestCertificate certificate;
    const TestCertificate first;
    const TestCertificate second;
    TestServer server(
        [](const Request&) {
            return new FunctionHandler([](Request& request, Response& response) {
                response.send() << RequestContext::of(request)->clientCertificateThumbprint();
            });
        },
        tlsParams(std::make_shared<ReplaceableTlsContext>(serverTlsContext(
            {certificate.certificateFile(), certificate.keyFile(), {}, ClientCertificates::Request}))));
    auto anonymous = RawClient::tls(server.port());
    auto ofFirst = RawClient::tls(server.port(), first.certificateFile(), first.keyFile());
    auto ofSecond = RawClient::tls(server.port(), second.certificateFile(), second.keyFile());
    const auto thumbprint = ofFirst.exchange(getRequest).body;
    const auto other = ofSecond.exchange(getRequest).body;
    BOOST_TEST(thumbprint.size() == 43U);
    BOOST_TEST(other.size() == 43U);
    BOOST_TEST(thumbprint != other);
    for (int i = 0; i < 2; ++i) {
        BOOST_TEST(ofFirst.exchange(getRequest).body == thumbprint);
        BOOST_TEST(anonymous.exchange(getRequest).body == "");
        BOOST_TEST(ofSecond.exchange(getRequest).body == other);
    }
}

BOOST_AUTO_TEST_CASE(NobodyRenegotiates) {
    const TestCertificate certificate;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate)));
    // TLS 1.3 has no renegotiation any more.
    auto client = RawClient::tls(server.port(), {}, {}, TLS1_2_VERSION);
    BOOST_TEST(client.exchange(getRequest).status == 200);
    BOOST_TEST(!client.renegotiate());
    BOOST_TEST(RawClient::tls(server.port()).exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_CASE(AClientThatDoesNotReadIsCut) {
    const TestCertificate certificate;
    changebank::tests::ManualClock clock;
    auto limits = testLimits();
    limits.threads = 1;
    auto params = tlsParams(sourceOf(certificate), limits);
    params->setClock(clock);
    const std::string much(64 * 1024 * 1024, 'x');
    TestServer server(
        [&much](const Request&) {
            return new FunctionHandler(
                [&much](Request&, Response& response) { response.sendBuffer(much.data(), much.size()); });
        },
        params);
    auto client = RawClient::tls(server.port());
    client.send(getRequest);
    const auto writing = [&] { return server.server().counters()[ConnectionState::Writing]; };
    BOOST_TEST(eventually([&] { return writing() == 1; }));
    clock.advance(limits.writeTimeout + 1ms);
    const auto waker = server.connect();
    BOOST_TEST(eventually([&] { return writing() == 0; }));
    BOOST_TEST((client.readToEnd().size() < much.size()));
}

BOOST_AUTO_TEST_CASE(ConnectionsBeyondTheLimitAreClosed) {
    const TestCertificate certificate;
    auto limits = testLimits();
    limits.maxConnections = 1;
    TestServer server(makeEcho, tlsParams(sourceOf(certificate), limits));
    auto first = RawClient::tls(server.port());
    BOOST_CHECK_THROW(RawClient::tls(server.port()), Poco::IOException);
    BOOST_TEST(first.exchange(getRequest).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
