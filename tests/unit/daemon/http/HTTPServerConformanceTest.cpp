#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "changebank/daemon/http/socket/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"
#include "tests/unit/daemon/http/TestServer.h"
#include "tests/unit/daemon/http/WireCases.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;

namespace {

/// One plain and one TLS server for all cases.
struct Servers {
    changebank::tests::TestCertificate certificate;
    TestServer plain{create(), params(false)};
    TestServer tls{create(), params(true)};

    static FunctionFactory::Create create() {
        return [](const Request&) { return new FunctionHandler(echo); };
    }

    static ServerLimits limits() {
        auto limits = testLimits();
        limits.maxHeaderBytes = 4096;
        limits.maxHeaderFields = 20;
        limits.maxBodyBytes = 64;
        limits.maxChunkOverheadBytes = 256;
        return limits;
    }

    ServerParams::Ptr params(bool secure) const {
        ServerParams::Ptr result(new ServerParams(limits()));
        if (secure) {
            result->setTlsContextSource(std::make_shared<ReplaceableTlsContext>(
                serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}})));
        }
        return result;
    }

    static Servers& instance() {
        static Servers servers;
        return servers;
    }
};

void check(TestServer& server, RawClient client, const WireCase& wireCase) {
    const auto before = server.requests();
    const auto response = client.exchange(wireCase.bytes);
    BOOST_TEST_REQUIRE(response.status == wireCase.status);
    BOOST_TEST(response.field("Date") != "-");
    if (wireCase.status == 200) {
        BOOST_TEST(response.body == wireCase.echo);
        BOOST_TEST(server.requests() == before + 1);
        return;
    }
    BOOST_TEST(response.body == "");
    BOOST_TEST(response.field("Connection") == "close");
    BOOST_TEST(client.isEnded());
    BOOST_TEST(server.requests() == before);
}

std::vector<WireCase> onlyValid(std::vector<WireCase> all) {
    std::erase_if(all, [](const WireCase& wireCase) { return wireCase.status != 200; });
    return all;
}

const auto cases = wireCases();
const auto validCases = onlyValid(cases);

}  // namespace

BOOST_AUTO_TEST_SUITE(HTTPServerConformanceTest)

BOOST_AUTO_TEST_CASE(ThereAreManyCases) {
    BOOST_TEST(cases.size() >= 300U);
}

BOOST_DATA_TEST_CASE(OverTcp, cases, wireCase) {
    auto& server = Servers::instance().plain;
    check(server, server.connect(), wireCase);
}

BOOST_DATA_TEST_CASE(OverTls, cases, wireCase) {
    auto& server = Servers::instance().tls;
    auto expected = wireCase;
    // An https URI is at home there.
    if (wireCase.status == 421) {
        expected.status = 200;
        expected.echo = "GET / other ";
    }
    check(server, RawClient::tls(server.port()), expected);
}

BOOST_DATA_TEST_CASE(CutAtEveryByte, validCases, wireCase) {
    HandDrivenServer server(new FunctionFactory(Servers::create()), Servers::limits());
    for (std::size_t cut = 1; cut < wireCase.bytes.size(); ++cut) {
        auto client = server.connect();
        client.send(std::string_view(wireCase.bytes).substr(0, cut));
        BOOST_TEST_REQUIRE(server.counters().requests == cut - 1, "answered before its end");
        client.send(std::string_view(wireCase.bytes).substr(cut));
        BOOST_TEST_REQUIRE(client.received().ends_with("\r\n\r\n" + wireCase.echo), "cut at " << cut);
    }
}

BOOST_DATA_TEST_CASE(OneByteAtATime, cases, wireCase) {
    HandDrivenServer server(new FunctionFactory(Servers::create()), Servers::limits());
    auto client = server.connect();
    for (const char byte : wireCase.bytes)
        client.send({&byte, 1});
    const auto answer = client.received();
    BOOST_TEST(answer.substr(0, 13) == "HTTP/1.1 " + std::to_string(wireCase.status) + " ");
    BOOST_TEST(answer.ends_with("\r\n\r\n" + wireCase.echo));
}

BOOST_DATA_TEST_CASE(OneByteAtATimeOverTcp, validCases, wireCase) {
    auto client = Servers::instance().plain.connect();
    for (const char byte : wireCase.bytes)
        client.send({&byte, 1});
    BOOST_TEST(client.read().body == wireCase.echo);
}

BOOST_DATA_TEST_CASE(OneByteAtATimeOverTls, validCases, wireCase) {
    auto client = RawClient::tls(Servers::instance().tls.port());
    for (const char byte : wireCase.bytes)
        client.send({&byte, 1});
    BOOST_TEST(client.read().body == wireCase.echo);
}

BOOST_AUTO_TEST_SUITE_END()
