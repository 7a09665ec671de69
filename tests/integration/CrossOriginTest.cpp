#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/integration/DaemonProcess.h"
#include "tests/integration/RawExchange.h"

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
           !answer.head.has("Access-Control-Allow-Credentials") &&
           answer.head.get("Vary", "").rfind("Origin", 0) == 0;
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

// Refused below the handlers, some before their head is complete.
BOOST_AUTO_TEST_CASE(anAllowedPageMayReadWhyTheServerRefusesARequest) {
    daemon.rewrite("auth.jwks.uri = " + keys.uri() + "\ncors.origins = " + ours +
                   "\nserver.headerTimeout = 300ms\nserver.bodyTimeout = 300ms\n");
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", std::chrono::seconds(30)));
    const std::string fields = " HTTP/1.1\r\nHost: x\r\nOrigin: " + ours + "\r\n";
    const std::string large(40'000, 'x');
    for (const auto& [status, octets] : std::vector<std::pair<std::string, std::string>>{
             {"400", "GET /make-change?total=%zz" + fields + "\r\n"},
             {"408", "GET /livez" + fields + "X: "},
             {"408", "POST /panic" + fields + "Content-Length: 10\r\n\r\nx"},
             {"413", "POST /panic" + fields + "Content-Length: 100000\r\n\r\n"},
             {"414", "GET /" + large + fields + "\r\n"},
             {"431", "GET /livez" + fields + "Authorization: Bearer " + large + "\r\n\r\n"},
             {"501", "POST /panic" + fields + "Transfer-Encoding: gzip, chunked\r\n\r\n"},
             {"505", "GET /livez HTTP/3.0" + fields.substr(9) + "\r\n"}}) {
        const auto answer = rawExchange(daemon.port(), octets);
        BOOST_TEST_CONTEXT(answer) {
            BOOST_TEST(answer.substr(9, 3) == status);
            BOOST_TEST(answer.find("\r\nAccess-Control-Allow-Origin: " + ours + "\r\n") != std::string::npos);
            BOOST_TEST(answer.find("\r\nVary: Origin\r\n") != std::string::npos);
            BOOST_TEST(answer.find("\r\nContent-Type: application/json; charset=utf-8\r\n") !=
                       std::string::npos);
            BOOST_TEST(answer.find("\r\n\r\n{\"error\":\"The ") != std::string::npos);
        }
    }
    const auto stranger =
        rawExchange(daemon.port(), "GET /%zz HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n");
    BOOST_TEST(stranger.find("Access-Control-Allow-Origin") == std::string::npos);
    BOOST_TEST(stranger.find("\r\n\r\n{\"error\":\"The ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
