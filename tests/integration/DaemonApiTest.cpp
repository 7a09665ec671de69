#include <boost/test/unit_test.hpp>
#include <csignal>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;

namespace {

/// The daemon with a key server, ready to judge tokens.
struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    DaemonProcess daemon{"auth.jwks.uri = " + keys.uri() + "\n"};
    std::string teller = goodToken("teller").signedBy(signingKey());
    std::string customer = goodToken("customer").signedBy(signingKey());

    Fixture() { BOOST_REQUIRE(daemon.process().waitForLine("new keys from", std::chrono::seconds(30))); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonApiTest, Fixture)

BOOST_AUTO_TEST_CASE(aTellerMakesChangeAndPanics) {
    const auto change = daemon.get("/make-change?total=1.02", bearer(teller));
    BOOST_TEST(change.status == 200);
    BOOST_TEST(change.body == R"({"total":1.02,"nickels":20,"pennies":2})");
    BOOST_TEST(change.head.getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(change.head.get("Cache-Control") == "no-store");
    const auto panic = daemon.post("/panic", {{"Cookie", "app.at=" + teller}});
    BOOST_TEST(panic.status == 200);
    BOOST_TEST(panic.body == R"({"message":"We've called the police!"})");
}

BOOST_AUTO_TEST_CASE(aCustomerMakesChangeAndMustNotPanic) {
    const auto change = daemon.get("/make-change?total=3.24", {{"Cookie", "app.at=" + customer}});
    BOOST_TEST(change.status == 200);
    BOOST_TEST(change.body == R"({"total":3.24,"nickels":64,"pennies":4})");
    const auto panic = daemon.post("/panic", bearer(customer));
    BOOST_TEST(panic.status == 403);
    BOOST_TEST(panic.body == R"({"error":"You do not have a role with permissions to do this."})");
    BOOST_TEST(panic.head.get("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope")");
    BOOST_TEST(panic.head.get("Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(withoutATokenNothingButThePublicPagesAnswers) {
    for (const std::string method : {"GET", "POST", "OPTIONS", "DELETE"}) {
        for (const std::string target :
             {"/make-change?total=1", "/panic", "/unknown", "/%6dake-change", "//livez"}) {
            const auto answer = request(daemon.port(), method, target);
            BOOST_TEST(answer.status == 401, method << " " << target);
            BOOST_TEST(answer.body == R"({"error":"Missing token cookie and Authorization header"})");
            BOOST_TEST(answer.head.get("WWW-Authenticate") == R"(Bearer realm="changebank")");
        }
    }
    for (const std::string target : {"/", "/stylesheets/style.css", "/livez", "/readyz"}) {
        BOOST_TEST(daemon.get(target).status == 200, target);
    }
}

BOOST_AUTO_TEST_CASE(everyCallerMayReadTheirOwnClaims) {
    const auto stranger = goodToken("stranger").signedBy(signingKey());
    for (int time = 0; time < 2; ++time) {
        const auto me = daemon.get("/me", bearer(stranger));
        BOOST_TEST(me.status == 200);
        BOOST_TEST(me.head.get("Cache-Control") == "no-store");
        BOOST_TEST(me.body.find(R"("roles":["stranger"])") != std::string::npos);
        BOOST_TEST(me.body.find(R"("aud":"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e")") != std::string::npos);
    }
    BOOST_TEST(daemon.get("/me").status == 401);
    BOOST_TEST(daemon.get("/me", bearer(stranger + "x")).status == 401);
    BOOST_TEST(daemon.post("/me", bearer(stranger)).head.get("Allow") == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(thePageIsFetchedOnce) {
    const auto first = daemon.get("/");
    BOOST_TEST(first.status == 200);
    const auto again = daemon.get("/", {{"If-None-Match", first.head.get("ETag")}});
    BOOST_TEST(again.status == 304);
    BOOST_TEST(again.body.empty());
    BOOST_TEST(again.head.get("ETag") == first.head.get("ETag"));
}

BOOST_AUTO_TEST_CASE(theTokenIsJudgedBeforeThePathThePathBeforeTheMethodTheRoleBeforeTheTotal) {
    BOOST_TEST(daemon.get("/unknown", bearer("abc")).status == 401);
    BOOST_TEST(daemon.get("/unknown", bearer(customer)).status == 404);
    const auto method = daemon.get("/panic", bearer(customer));
    BOOST_TEST(method.status == 405);
    BOOST_TEST(method.head.get("Allow") == "POST, OPTIONS");
    const auto stranger = goodToken("stranger").signedBy(signingKey());
    BOOST_TEST(daemon.get("/make-change?total=x", bearer(stranger)).status == 403);
    const auto bad = daemon.get("/make-change?total=x", bearer(customer));
    BOOST_TEST(bad.status == 400);
    BOOST_TEST(bad.body == R"({"error":"Invalid or missing \"total\" parameter"})");
}

BOOST_AUTO_TEST_CASE(pathsMatchWithoutRegardToCaseAndOneTrailingSlash) {
    for (const std::string path : {"/Make-Change", "/make-change/", "/MAKE-CHANGE/"}) {
        BOOST_TEST(daemon.get(path + "?total=1", bearer(customer)).status == 200, path);
    }
    for (const std::string path :
         {"/make-change//", "//make-change", "/%6dake-change", "/make-change;x", "/x/../panic"}) {
        BOOST_TEST(daemon.get(path + "?total=1", bearer(customer)).status == 404, path);
    }
}

BOOST_AUTO_TEST_CASE(headAndOptionsWork) {
    const auto head = request(daemon.port(), "HEAD", "/make-change?total=1.02", bearer(customer));
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.body == "");
    const auto options = request(daemon.port(), "OPTIONS", "/make-change", bearer(customer));
    BOOST_TEST(options.status == 204);
    BOOST_TEST(options.head.get("Allow") == "GET, HEAD, OPTIONS");
}

BOOST_AUTO_TEST_CASE(aRefusedTokenIsAnsweredWithItsCause) {
    const auto expired = goodToken("teller").claim("exp", "1000000000").signedBy(signingKey());
    const auto answer = daemon.get("/make-change?total=1", bearer(expired));
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.body == R"({"error":"\"exp\" claim timestamp check failed","code":"ERR_JWT_EXPIRED"})");
    BOOST_TEST(answer.head.get("WWW-Authenticate") == R"(Bearer realm="changebank", error="invalid_token")");
}

BOOST_AUTO_TEST_CASE(noTokenReachesTheLog) {
    daemon.rewrite("auth.jwks.uri = " + keys.uri() + "\nlog.level = trace\n");
    daemon.process().signal(SIGHUP);
    BOOST_REQUIRE(daemon.process().waitForLine("settings reloaded", std::chrono::seconds(30)));
    daemon.post("/panic", bearer(customer));
    daemon.get("/make-change", bearer(customer + "x"));
    BOOST_REQUIRE(daemon.process().waitForLine("refused (role_missing|signature_invalid|not_compact)",
                                               std::chrono::seconds(30)));
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    const auto log = daemon.process().output() + daemon.process().errors();
    BOOST_TEST(log.find(customer.substr(0, 40)) == std::string::npos);
    BOOST_TEST(log.find(customer.substr(customer.rfind('.') + 1, 40)) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
