#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;

namespace {

const std::string ours = "https://app.example.com";

/// The daemon with an origin that it allows, ready to judge tokens.
struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    DaemonProcess daemon{"auth.jwks.uri = " + keys.uri() + "\ncors.origins = http://localhost:5173, " + ours +
                         "\n"};
    std::string teller = goodToken("teller").signedBy(signingKey());
    std::string customer = goodToken("customer").signedBy(signingKey());

    Fixture() { BOOST_REQUIRE(daemon.process().waitForLine("new keys from", std::chrono::seconds(30))); }
};

bool mayBeReadBy(const HttpAnswer& answer, const std::string& origin) {
    return answer.head.get("Access-Control-Allow-Origin", "") == origin &&
           answer.head.get("Access-Control-Allow-Credentials", "") == "true" &&
           answer.head.get("Vary", "") == "Origin";
}

bool mayBeReadByNobody(const HttpAnswer& answer) {
    return !answer.head.has("Access-Control-Allow-Origin") &&
           !answer.head.has("Access-Control-Allow-Credentials") && answer.head.get("Vary", "") == "Origin";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(CrossOriginTest, Fixture)

BOOST_AUTO_TEST_CASE(anAllowedPageGetsItsPreflightItsAnswersAndItsRefusals) {
    const auto preflight = request(daemon.port(), "OPTIONS", "/panic",
                                   {{"Origin", ours},
                                    {"Access-Control-Request-Method", "POST"},
                                    {"Access-Control-Request-Headers", "authorization"}});
    BOOST_TEST(preflight.status == 204);
    BOOST_TEST(mayBeReadBy(preflight, ours));
    BOOST_TEST(preflight.head.get("Access-Control-Allow-Methods") == "GET, HEAD, POST");
    BOOST_TEST(preflight.head.get("Access-Control-Allow-Headers").find("Authorization") == 0U);

    const auto panic = daemon.post(
        "/panic", {{"Origin", ours}, {"Sec-Fetch-Site", "cross-site"}, {"Cookie", "app.at=" + teller}});
    BOOST_TEST(panic.status == 200);
    BOOST_TEST(mayBeReadBy(panic, ours));

    const auto missing = daemon.get("/make-change?total=1", {{"Origin", ours}});
    BOOST_TEST(missing.status == 401);
    BOOST_TEST(mayBeReadBy(missing, ours));
    const auto forbidden = daemon.post("/panic", {{"Origin", ours}, {"Cookie", "app.at=" + customer}});
    BOOST_TEST(forbidden.status == 403);
    BOOST_TEST(forbidden.body.find("You do not have a role") != std::string::npos);
    BOOST_TEST(mayBeReadBy(forbidden, ours));
    BOOST_TEST(mayBeReadBy(daemon.get("/unknown", {{"Origin", ours}, {"Cookie", "app.at=" + teller}}), ours));
    BOOST_TEST(
        mayBeReadBy(daemon.get("/livez", {{"Origin", "http://localhost:5173"}}), "http://localhost:5173"));
}

BOOST_AUTO_TEST_CASE(everyOtherPageGetsNothing) {
    for (const std::string origin :
         {"https://evil.example", "http://app.example.com", "https://app.example.com.evil.example", "null"}) {
        const auto preflight = request(daemon.port(), "OPTIONS", "/panic",
                                       {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}});
        BOOST_TEST(preflight.status == 401, origin);
        BOOST_TEST(mayBeReadByNobody(preflight), origin);
        const auto panic = daemon.post(
            "/panic", {{"Origin", origin}, {"Sec-Fetch-Site", "cross-site"}, {"Cookie", "app.at=" + teller}});
        BOOST_TEST(panic.status == 403, origin);
        BOOST_TEST(panic.body.find("ERR_CROSS_SITE_REQUEST") != std::string::npos, origin);
        BOOST_TEST(mayBeReadByNobody(panic), origin);
    }
    BOOST_TEST(mayBeReadByNobody(daemon.get("/")));
}

BOOST_AUTO_TEST_CASE(aReloadTakesAnOriginOff) {
    daemon.rewrite("auth.jwks.uri = " + keys.uri() + "\n");
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", std::chrono::seconds(30)));
    const auto answer = daemon.get("/livez", {{"Origin", ours}});
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(!answer.head.has("Access-Control-Allow-Origin"));
    BOOST_TEST(!answer.head.has("Vary"));
    const auto panic = daemon.post("/panic", {{"Origin", ours}, {"Cookie", "app.at=" + teller}});
    BOOST_TEST(panic.body.find("ERR_CROSS_SITE_REQUEST") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
