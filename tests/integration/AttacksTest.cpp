#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Json.h"
#include "tests/integration/DaemonProcess.h"
#include "tests/integration/RawExchange.h"
#include "tests/support/AttackCases.h"

using namespace changebank;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

std::string settingsFor(const ScriptedKeyServer& keys) {
    return "auth.jwks.uri = " + keys.uri() + "\nauth.algorithms = " + std::string(attackAlgorithms) + "\n";
}

std::string bodyOf(const AttackCase& attack) {
    std::string body = "{\"error\":" + quoteJson(attack.message);
    if (!attack.code.empty()) body += ",\"code\":" + quoteJson(attack.code);
    return body + "}";
}

std::string challengeOf(const AttackCase& attack) {
    return std::string(R"(Bearer realm="changebank", error=")") +
           (attack.status == 403 ? "insufficient_scope" : "invalid_token") + "\"";
}

/// A token that HTTP carries in a cookie: no separators, no quotation marks, no white space.
bool fitsIntoACookie(const std::string& token) {
    return !token.empty() && token.find_first_of("\"; ,\\") == std::string::npos;
}

struct Fixture {
    AttackKeys keys;
    ScriptedKeyServer keyServer{ScriptedKeyServer::document(keys.document())};
    DaemonProcess daemon{settingsFor(keyServer)};
    std::string good = TokenRecipe(std::time(nullptr)).signedBy(keys.k1);
    std::string customer =
        TokenRecipe(std::time(nullptr)).claim("roles", R"(["customer"])").signedBy(keys.k1);

    Fixture() { BOOST_REQUIRE(daemon.process().waitForLine("new keys from", 30s)); }

    std::string raw(const std::string& head) const { return rawExchange(daemon.port(), head); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AttacksTest, Fixture)

BOOST_AUTO_TEST_CASE(everyAttackGetsItsExpectedResponse) {
    ScriptedKeyServer attackersKeys(
        ScriptedKeyServer::document(keySetOf({keys.attacker.jwk(R"("kid":"k1")")})));
    for (const auto& attack : attackCases(keys, std::time(nullptr), attackersKeys.uri())) {
        BOOST_TEST_CONTEXT(attack.number << ": " << attack.name) {
            std::vector<Headers> ways{bearer(attack.token)};
            if (fitsIntoACookie(attack.token)) ways.push_back({{"Cookie", "app.at=" + attack.token}});
            for (const auto& headers : ways) {
                const auto answer = daemon.post("/panic", headers);
                BOOST_TEST(answer.status == attack.status);
                if (attack.status == 200) continue;
                BOOST_TEST(answer.body == bodyOf(attack));
                BOOST_TEST(answer.head.get("WWW-Authenticate", "") == challengeOf(attack));
                BOOST_TEST(answer.head.get("Cache-Control", "") == "no-store");
            }
        }
    }
    // The keys that cannot be used were counted, and the others serve.
    BOOST_TEST(daemon.process().errors().find("7 keys, " + std::to_string(keys.unusable.size() + 1) +
                                              " skipped: ") != std::string::npos);
    // Keys that a header points to are never fetched.
    BOOST_TEST(attackersKeys.hits() == 0U);
    // Whatever key ids the tokens named, they caused the start's fetch and the burst alone.
    BOOST_TEST(keyServer.hits() <= 3U);
    // Nothing of a token reached the log as it was.
    const auto log = daemon.process().output() + daemon.process().errors();
    BOOST_TEST(log.find("\nX: y") == std::string::npos);
    BOOST_TEST(log.find(good.substr(good.rfind('.') + 1)) == std::string::npos);
    BOOST_TEST(log.find("eyJ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(theSchemeMustBeBearer) {
    for (const char* scheme : {"Basic ", "DPoP ", "Token ", ""}) {
        const auto answer = daemon.get("/make-change?total=1", {{"Authorization", scheme + good}});
        BOOST_TEST(answer.status == 401);
        BOOST_TEST(answer.body == R"({"error":"Missing token cookie and Authorization header"})");
    }
    for (const char* scheme : {"bEaReR ", "Bearer  ", "Bearer    "})
        BOOST_TEST(daemon.get("/make-change?total=1", {{"Authorization", scheme + good}}).status == 200);
}

BOOST_AUTO_TEST_CASE(anotherWordAfterTheTokenIsABadRequest) {
    for (const char* rest : {" extra", "\textra", " , Basic x"}) {
        const auto answer = daemon.get("/make-change?total=1", bearer(good + rest));
        BOOST_TEST(answer.status == 400);
        BOOST_TEST(answer.body.find(R"("code":"ERR_INVALID_REQUEST")") != std::string::npos);
        BOOST_TEST(answer.head.get("WWW-Authenticate", "") ==
                   R"(Bearer realm="changebank", error="invalid_request")");
    }
}

BOOST_AUTO_TEST_CASE(twoAuthorizationHeadersAreABadRequest) {
    const auto line = "Authorization: Bearer " + good + "\r\n";
    const auto answer =
        raw("GET /make-change?total=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + line + line + "\r\n");
    BOOST_TEST(answer.substr(0, 12) == "HTTP/1.1 400");
    BOOST_TEST(answer.find(R"("code":"ERR_INVALID_REQUEST")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theCookieCountsBeforeTheHeader) {
    const auto status = [this](const std::string& cookie, const std::string& header) {
        return daemon.post("/panic", {{"Cookie", "app.at=" + cookie}, {"Authorization", "Bearer " + header}})
            .status;
    };
    BOOST_TEST(status(good, customer) == 200);
    BOOST_TEST(status(customer, good) == 403);
    BOOST_TEST(status("abc", good) == 401);
    BOOST_TEST(status("", good) == 200);
}

BOOST_AUTO_TEST_CASE(oddCookiesAreDefined) {
    const auto status = [this](const std::string& cookie) {
        return daemon.post("/panic", {{"Cookie", cookie}}).status;
    };
    BOOST_TEST(status("app.at=" + good + "; app.at=" + customer) == 200);
    BOOST_TEST(status("app.at=" + customer + "; app.at=" + good) == 403);
    BOOST_TEST(status("app.at=\"" + good + "\"") == 200);
    BOOST_TEST(status("app.at=j:{\"a\":1}") == 401);
    BOOST_TEST(status("app.at=" + good.substr(0, 10) + "%2E" + good.substr(10)) == 401);
    BOOST_TEST(status("APP.AT=" + good) == 401);
}

BOOST_AUTO_TEST_CASE(aTokenInTheQueryIsIgnoredAndNotLogged) {
    const auto answer = daemon.get("/make-change?total=1&access_token=" + good);
    BOOST_TEST(answer.status == 401);
    BOOST_TEST(answer.body == R"({"error":"Missing token cookie and Authorization header"})");
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    BOOST_TEST((daemon.process().output() + daemon.process().errors()).find("eyJ") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(aCookieDoesNotWriteFromAnotherSite) {
    const auto status = [this](Headers headers) {
        headers["Cookie"] = "app.at=" + good;
        return daemon.post("/panic", headers).status;
    };
    const auto own = "http://127.0.0.1:" + std::to_string(daemon.port());
    for (const char* site : {"cross-site", "same-site"})
        BOOST_TEST(status({{"Sec-Fetch-Site", site}}) == 403);
    for (const char* site : {"same-origin", "none"})
        BOOST_TEST(status({{"Sec-Fetch-Site", site}}) == 200);
    for (const char* origin : {"https://evil.example", "null"})
        BOOST_TEST(status({{"Origin", origin}}) == 403);
    BOOST_TEST(status({{"Origin", own}}) == 200);
    // A proxy in front may write the port that the scheme implies, or leave it out.
    BOOST_TEST(status({{"Host", "bank.example:443"}, {"Origin", "https://bank.example"}}) == 200);
    BOOST_TEST(status({{"Host", "bank.example:80"}, {"Origin", "http://bank.example"}}) == 200);
    BOOST_TEST(status({{"Host", "bank.example:443"}, {"Origin", "http://bank.example"}}) == 403);
    BOOST_TEST(status({}) == 200);
    const auto answer = daemon.post("/panic", {{"Cookie", "app.at=" + good}, {"Origin", "null"}});
    BOOST_TEST(answer.body.find(R"("code":"ERR_CROSS_SITE_REQUEST")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(anUnreadBodyIsNeverTheNextRequest) {
    const auto smuggled =
        "POST /panic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + good + "\r\nContent-Length: 0\r\n\r\n";
    for (const auto& token : {std::string("abc"), good}) {
        const auto answer =
            raw("POST /panic HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token +
                "\r\nConnection: close\r\nContent-Length: " + std::to_string(smuggled.size()) + "\r\n\r\n" +
                smuggled);
        BOOST_TEST(answersIn(answer) == 1);
        BOOST_TEST(answer.substr(0, 12) == (token == good ? "HTTP/1.1 200" : "HTTP/1.1 401"));
    }
}

BOOST_AUTO_TEST_CASE(noMethodAndNoPathGetsPastTheGuard) {
    for (const char* path :
         {"/make-change?total=1", "//make-change?total=1", "/%6dake-change?total=1", "/MAKE-CHANGE/?total=1",
          "/make-change;x?total=1", "/make-change%2f?total=1", "/./make-change?total=1",
          "/x/../make-change?total=1", "/make-change%00?total=1"}) {
        for (const char* method : {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "X"}) {
            const auto answer = raw(std::string(method) + " " + path +
                                    " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            const auto status = answer.substr(9, 3);
            BOOST_TEST((status == "401" || status == "400" || status == "501"),
                       method << " " << path << ": " << status);
            BOOST_TEST(answer.find("nickels") == std::string::npos);
        }
    }
    const auto routed = [this](const std::string& path) { return daemon.get(path, bearer(good)).status; };
    BOOST_TEST(routed("/MAKE-CHANGE/?total=1") == 200);
    for (const char* path : {"//make-change?total=1", "/%6dake-change?total=1", "/make-change;x?total=1",
                             "/x/../make-change?total=1"}) {
        const auto status = routed(path);
        BOOST_TEST((status == 404 || status == 400), path << ": " << status);
    }
}

BOOST_AUTO_TEST_SUITE_END()
