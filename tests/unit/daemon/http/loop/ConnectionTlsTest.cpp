#include <boost/test/unit_test.hpp>
#include <string>

#include "changebank/daemon/http/loop/Connection.h"
#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

const TestCertificate& certificate() {
    static const TestCertificate made;
    return made;
}

ServerLimits strictLimits() {
    auto limits = testLimits();
    limits.hstsMaxAge = 4320h;
    return limits;
}

ServerParams::Ptr paramsWith(const ServerLimits& limits, bool tls = true) {
    ServerParams::Ptr params(new ServerParams(limits));
    if (tls) {
        params->setTlsContextSource(std::make_shared<ReplaceableTlsContext>(
            serverTlsContext({certificate().certificateFile(), certificate().keyFile(), {}})));
    }
    return params;
}

Poco::Net::HTTPRequestHandler* makeEcho(const Request&) {
    return new FunctionHandler(echo);
}

std::string requestTo(const std::string& host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

std::string strictness(const RawResponse& response) {
    return response.field("Strict-Transport-Security");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectionTlsTest)

BOOST_AUTO_TEST_CASE(EveryResponseOverTlsIsStrict) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    auto client = RawClient::tls(server.port());
    BOOST_TEST(strictness(client.exchange(requestTo("api.example.com"))) == "max-age=15552000");
    BOOST_TEST(strictness(client.exchange(requestTo("api.example.com:8443"))) == "max-age=15552000");
    const auto late = client.exchange("GET / HTTP/1.1\r\nHost: api.example.com\r\nHost: b\r\n\r\n");
    BOOST_TEST(late.status == 400);
    BOOST_TEST(strictness(late) == "max-age=15552000", "an error of the server's own");
    const auto nameless = RawClient::tls(server.port()).exchange("nonsense\r\n\r\n");
    BOOST_TEST(nameless.status == 400);
    BOOST_TEST(strictness(nameless) == "max-age=15552000", "a host that nobody knows is no loopback name");
}

BOOST_AUTO_TEST_CASE(NoResponseForALoopbackNameIsStrict) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    auto client = RawClient::tls(server.port());
    for (const auto* host : {"localhost", "LOCALHOST:3000", "api.localhost", "127.0.0.1:3000", "[::1]"})
        BOOST_TEST(strictness(client.exchange(requestTo(host))) == "-", host);
    BOOST_TEST(strictness(client.exchange("GET https://localhost/ HTTP/1.1\r\nHost: a.example\r\n\r\n")) ==
               "-");
}

// A browser whose request is refused before its Host is read has said in the handshake whom it wants.
BOOST_AUTO_TEST_CASE(TheHandshakeNamesTheHostOfARequestWithoutOne) {
    TestServer server(makeEcho, paramsWith(strictLimits()));
    for (const auto& [name, expected] :
         {std::pair{"localhost", "-"}, std::pair{"api.example.com", "max-age=15552000"}}) {
        const auto response = RawClient::tlsTo(name, server.port()).exchange("nonsense\r\n\r\n");
        BOOST_TEST(response.status == 400);
        BOOST_TEST(strictness(response) == expected, name);
    }
}

BOOST_AUTO_TEST_CASE(NothingIsStrictWithoutTlsOrMaxAge) {
    TestServer plain(makeEcho, paramsWith(strictLimits(), false));
    BOOST_TEST(strictness(plain.connect().exchange(requestTo("api.example.com"))) == "-");
    TestServer lax(makeEcho, paramsWith(testLimits()));
    BOOST_TEST(strictness(RawClient::tls(lax.port()).exchange(requestTo("api.example.com"))) == "-");
}

BOOST_AUTO_TEST_SUITE_END()
