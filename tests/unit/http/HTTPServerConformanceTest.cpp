#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "daemon/http/ServerTlsContext.h"
#include "tests/support/TestCertificate.h"
#include "tests/unit/http/TestServer.h"
#include "tests/unit/http/WireCases.h"

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

    ServerParams::Ptr params(bool secure) const {
        auto limits = testLimits();
        limits.maxHeaderBytes = 4096;
        limits.maxHeaderFields = 20;
        limits.maxBodyBytes = 64;
        limits.maxChunkOverheadBytes = 256;
        ServerParams::Ptr result(new ServerParams(limits));
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
    BOOST_TEST(response.status == wireCase.status);
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

const auto cases = wireCases();

}  // namespace

BOOST_AUTO_TEST_SUITE(HTTPServerConformanceTest)

BOOST_AUTO_TEST_CASE(ThereAreManyCases) {
    BOOST_TEST(cases.size() >= 150U);
}

BOOST_DATA_TEST_CASE(OverTcp, cases, wireCase) {
    auto& server = Servers::instance().plain;
    check(server, server.connect(), wireCase);
}

BOOST_DATA_TEST_CASE(OverTls, cases, wireCase) {
    auto& server = Servers::instance().tls;
    // What greets in TLS fails in the handshake there.
    if (wireCase.rule.find("TLS greeting") != std::string::npos) return;
    check(server, RawClient::tls(server.port()), wireCase);
}

BOOST_AUTO_TEST_SUITE_END()
