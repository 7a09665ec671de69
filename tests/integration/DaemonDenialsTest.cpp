#include <boost/test/unit_test.hpp>
#include <chrono>

#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/Contains.h"
#include "tests/support/Eventually.h"

using namespace changebank::tests;
using changebank::Json;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }
};

Json denialsOf(const DaemonProcess& daemon) {
    const auto printed = control(daemon, {"--json", "denials", "-n", "1000"}).output;
    return Json::parse(printed.substr(0, printed.find('\n'))).value();
}

std::string member(const Json& denial, const std::string& name) {
    const auto* value = denial.find(name);
    if (value == nullptr || value->isNull()) return "-";
    return value->string() != nullptr ? *value->string() : value->toText();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonDenialsTest, Fixture)

BOOST_AUTO_TEST_CASE(aRefusedRequestIsThereWithWhatWasExpectedAndFound) {
    const DaemonProcess daemon(settings());
    BOOST_TEST(control(daemon, {"denials"}).output == "no denials since the start\n");
    const auto customer = goodToken("customer").claim("sub", R"("customer-1")").signedBy(signingKey());
    const auto stray = goodToken("customer").claim("aud", R"("else\nwhere")").signedBy(signingKey());
    auto headers = bearer(customer);
    headers["X-Request-Id"] = "request-7";
    headers["traceparent"] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    BOOST_TEST(daemon.post("/panic?secret=1", headers).status == 403);
    BOOST_TEST(daemon.get("/make-change?total=1", bearer(stray)).status == 401);
    BOOST_TEST(daemon.get("/make-change?total=1").status == 401);
    BOOST_TEST(daemon.get("/make-change?total=1", bearer(customer)).status == 200);

    const auto listed = denialsOf(daemon);
    BOOST_TEST(listed.find("last")->number()->text == "3");
    const auto& denials = *listed.find("denials")->array();
    BOOST_REQUIRE(denials.size() == 3U);
    const auto& role = denials[0];
    BOOST_TEST(member(role, "cause") == "role_missing");
    BOOST_TEST(member(role, "status") == "403");
    BOOST_TEST(member(role, "method") == "POST");
    BOOST_TEST(member(role, "path") == "/panic");
    BOOST_TEST(member(role, "route") == "/panic");
    BOOST_TEST(member(role, "requestId") == "request-7");
    BOOST_TEST(member(role, "traceId") == "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(member(role, "subject") == "customer-1");
    BOOST_TEST(member(role, "expected") == "teller");
    BOOST_TEST(member(role, "found") == "customer");
    BOOST_TEST(has(member(role, "client"), "127.0.0.1:"));
    const auto& audience = denials[1];
    BOOST_TEST(member(audience, "cause") == "claim_unexpected");
    BOOST_TEST(member(audience, "parameter") == "aud");
    BOOST_TEST(member(audience, "expected") == std::string(TokenRecipe::audience));
    BOOST_TEST(member(audience, "found") == "else\nwhere");
    BOOST_TEST(member(denials[2], "cause") == "missing_token");
    BOOST_TEST(member(denials[2], "expected") == "-");
    BOOST_TEST(member(denials[2], "traceId") == "-");

    const auto table = control(daemon, {"denials", "--lines=2"}).output;
    BOOST_TEST(!has(table, "role_missing"), table);
    BOOST_TEST(has(table, "  401 claim_unexpected \"aud\"  GET /make-change  from 127.0.0.1:"), table);
    BOOST_TEST(has(table, ", found \"else\\u000awhere\""), table);
    // Nothing of a token but the claim that is named, and no query.
    const auto all = listed.toText() + control(daemon, {"denials"}).output;
    for (const auto& token : {customer, stray}) {
        for (std::size_t at = 0; at + 12 < token.size(); at += 12)
            BOOST_TEST(!has(all, token.substr(at, 12)));
    }
    BOOST_TEST(!has(all, "secret"));
    BOOST_TEST(!has(all, "total"));
}

BOOST_AUTO_TEST_CASE(theyOutliveAReload) {
    const DaemonProcess daemon(settings());
    daemon.get("/me");
    BOOST_TEST(control(daemon, {"reload"}).status == 0);
    daemon.get("/me");
    BOOST_TEST(denialsOf(daemon).find("denials")->array()->size() == 2U);
}

BOOST_AUTO_TEST_CASE(aDecisionIsThereAsTheProxyReceivedIt) {
    DaemonProcess daemon(
        settings("decision.listen = 127.0.0.1:0\ndecision.rule.3 = GET /orders/** roles=clerk\n"));
    const auto line = daemon.process().waitForLine("decision served on 127", 30s);
    BOOST_REQUIRE(line);
    const auto port = static_cast<std::uint16_t>(std::stoul(line->substr(line->rfind(':') + 1)));
    auto headers = bearer(goodToken("customer").signedBy(signingKey()));
    headers["X-Forwarded-Method"] = "GET";
    headers["X-Forwarded-Host"] = "api.example";
    headers["X-Forwarded-Uri"] = "/orders/7?secret=1";
    BOOST_TEST(request(port, "GET", "/decision", headers).status == 403);
    const auto listed = denialsOf(daemon);
    const auto& denials = *listed.find("denials")->array();
    BOOST_REQUIRE(denials.size() == 1U);
    BOOST_TEST(member(denials[0], "path") == "/orders/7");
    BOOST_TEST(member(denials[0], "route") == "/orders/**");
    BOOST_TEST(member(denials[0], "expected") == "clerk");
    // A trial leaves no trace.
    BOOST_TEST(control(daemon, {"decide", "GET", "/orders/7"}).status == 1);
    BOOST_TEST(denialsOf(daemon).find("last")->number()->text == "1");
}

BOOST_AUTO_TEST_CASE(followingShowsThemAsTheyCome) {
    const DaemonProcess daemon(settings());
    daemon.get("/one");
    Process follower(changebankctl, {"denials", "--follow", "--socket=" + daemon.adminSocket()});
    BOOST_REQUIRE(follower.waitForLine("GET /one ", 30s));
    daemon.get("/two");
    BOOST_REQUIRE(follower.waitForLine("GET /two ", 30s));
    follower.terminate();
    follower.wait();
    const auto output = follower.output();
    BOOST_TEST(output.find("/one") == output.rfind("GET /one") + 4);
}

BOOST_AUTO_TEST_CASE(badParametersAreRejected) {
    const DaemonProcess daemon(settings());
    for (const std::string bad : {"0", "1001", "x"})
        BOOST_TEST(control(daemon, {"denials", "--lines=" + bad}).status == 64);
}

BOOST_AUTO_TEST_SUITE_END()
