#include <boost/test/unit_test.hpp>
#include <chrono>

#include "changebank/base/text/Json.h"
#include "tests/integration/ControlProcess.h"
#include "tests/support/ProofRecipe.h"

using namespace changebank;
using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

const Json& stationsOf(const Json& explanation) {
    return *explanation.find("stations");
}

std::string member(const Json& json, const char* name) {
    const auto* value = json.find(name);
    return value && value->string() ? *value->string() : "";
}

/// The station that refused; "handler" if none did.
std::string stopOf(const Json& explanation) {
    for (const auto& station : *stationsOf(explanation).array()) {
        if (member(station, "outcome") == "refused") return member(station, "check");
    }
    return "handler";
}

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};

    std::string settings(const std::string& more = {}) const {
        return "auth.jwks.uri = " + keys.uri() + "\n" + more;
    }

    static Json explain(const DaemonProcess& daemon, const Headers& headers,
                        const std::string& query = "?method=POST&path=/panic") {
        const auto answer = daemon.get("/explain" + query, headers);
        BOOST_TEST(answer.status == 200, answer.body);
        BOOST_TEST(answer.head.get("Cache-Control") == "no-store");
        BOOST_TEST(answer.head.get("Vary") == "Cookie, Authorization");
        auto json = Json::parse(answer.body);
        BOOST_REQUIRE(json);
        return std::move(*json);
    }

    /// Whether the explanation says what the real route says, and that it stops there.
    static void check(const DaemonProcess& daemon, const Headers& headers, const std::string& stop,
                      int status) {
        const auto explanation = explain(daemon, headers);
        BOOST_TEST(stopOf(explanation) == stop);
        const auto real = daemon.post("/panic", headers);
        BOOST_TEST(real.status == status, stop);
        const auto& response = *explanation.find("response");
        if (status == 200) {
            BOOST_TEST(response.isNull());
            return;
        }
        const auto body = Json::parse(real.body).value();
        BOOST_TEST(response.find("status")->number()->text == std::to_string(status));
        BOOST_TEST(member(response, "error") == member(body, "error"));
        BOOST_TEST(member(response, "code") == member(body, "code"));
        BOOST_TEST(member(response, "challenge") == real.head.get("WWW-Authenticate", ""));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonExplainTest, Fixture)

BOOST_AUTO_TEST_CASE(itSaysWhatTheRealRouteSays) {
    const DaemonProcess daemon(settings());
    const auto good = goodToken("teller").signedBy(signingKey());
    check(daemon, {}, "token", 401);
    check(daemon, {{"Cookie", "app.at=" + good}, {"Sec-Fetch-Site", "cross-site"}}, "token", 403);
    check(daemon, bearer("abc"), "form", 401);
    check(daemon, bearer(goodToken("teller").header("kid", "\"k2\"").signedBy(signingKey())), "key", 401);
    const auto changed = goodToken("customer").signedBy(signingKey());
    check(daemon, bearer(good.substr(0, good.rfind('.')) + changed.substr(changed.rfind('.'))), "signature",
          401);
    check(daemon, bearer(goodToken("teller").without("exp").signedBy(signingKey())), "claims", 401);
    check(daemon, bearer(goodToken("teller").claim("iss", "\"x\"").signedBy(signingKey())), "issuer", 401);
    check(daemon, bearer(goodToken("teller").claim("aud", "\"x\"").signedBy(signingKey())), "audience", 401);
    check(daemon, bearer(goodToken("teller").claim("exp", "1000").signedBy(signingKey())), "times", 401);
    check(daemon, bearer(goodToken("teller").claim("tty", "\"id\"").signedBy(signingKey())), "kind", 401);
    check(daemon, bearer(goodToken("customer").signedBy(signingKey())), "access", 403);
    check(daemon, bearer(good), "handler", 200);
    check(daemon, {{"Cookie", "app.at=" + good}}, "handler", 200);
}

BOOST_AUTO_TEST_CASE(theAccessLogHasItAndNothingElseDoes) {
    DaemonProcess daemon(settings("log.format = json\nlog.level = trace\n"));
    std::string all;
    std::vector<std::string> tokens{goodToken("customer").claim("sub", "\"who\"").signedBy(signingKey()),
                                    goodToken("customer").claim("aud", "\"x\"").signedBy(signingKey()),
                                    goodToken("customer").header("kid", "\"k2\"").signedBy(signingKey())};
    for (const auto& token : tokens)
        all += daemon.get("/explain?method=POST&path=/panic", bearer(token)).body;
    BOOST_TEST(control(daemon, {"denials"}).output == "no denials since the start\n");
    const auto metrics = control(daemon, {"metrics"}).output;
    BOOST_TEST(metrics.find("changebank_token_denials_total{code=\"role_missing\"} 0") != std::string::npos);
    daemon.process().terminate();
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
    all += daemon.process().output() + daemon.process().errors();
    BOOST_TEST(all.find("\"path\":\"/explain\"") != std::string::npos);
    BOOST_TEST(all.find("role_missing") == std::string::npos);
    // Neither a token nor a part of it.
    for (const auto& token : tokens) {
        for (std::size_t at = 0; at + 16 < token.size(); at += 16)
            BOOST_TEST(all.find(token.substr(at, 16)) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(keysThatCannotBeHadAreTroubleOfOurs) {
    keys.play(ScriptedKeyServer::status(500));
    const DaemonProcess daemon(settings());
    const auto good = bearer(goodToken("teller").signedBy(signingKey()));
    const auto explanation = explain(daemon, good);
    BOOST_TEST(stopOf(explanation) == "key");
    BOOST_TEST(explanation.find("response")->find("status")->number()->text == "503");
    BOOST_TEST(member(*explanation.find("response"), "code").starts_with("ERR_JWKS_"));
}

BOOST_AUTO_TEST_CASE(aRevokedTokenStopsAtTheRevocations) {
    const TemporaryFolder folder;
    const DaemonProcess daemon(settings("revocation.file = " + folder.file("revocations") + "\n"));
    const auto token = goodToken("teller")
                           .claim("sub", "\"00000000-0000-0000-0000-000000000007\"")
                           .claim("iat", std::to_string(std::time(nullptr)))
                           .signedBy(signingKey());
    check(daemon, bearer(token), "handler", 200);
    BOOST_TEST(control(daemon, {"revoke", "user", "00000000-0000-0000-0000-000000000007"}).status == 0);
    check(daemon, bearer(token), "revocation", 401);
}

BOOST_AUTO_TEST_CASE(aBoundTokenStopsAtItsSender) {
    const DaemonProcess daemon(settings("auth.dpop = require\nserver.resource = http://localhost:3000/\n"));
    check(daemon, bearer(goodToken("teller").signedBy(signingKey())), "kind", 401);
    const auto bound =
        goodToken("teller")
            .claim("cnf", R"({"jkt":")" +
                              ProofRecipe::thumbprintOf(TestKey::shared(security::KeyFamily::p256)) + "\"}")
            .claim("aud", R"(["http://localhost:3000/",")" + std::string(TokenRecipe::audience) + "\"]")
            .signedBy(signingKey());
    check(daemon, bearer(bound), "sender", 401);
    check(daemon, {{"Authorization", "DPoP " + bound}}, "sender", 401);
    const auto proof = ProofRecipe(std::time(nullptr))
                           .claim("htm", "\"GET\"")
                           .claim("htu", "\"http://localhost:3000/explain\"")
                           .forToken(bound)
                           .text();
    BOOST_TEST(stopOf(explain(daemon, {{"Authorization", "DPoP " + bound}, {"DPoP", proof}})) == "handler");
}

BOOST_AUTO_TEST_CASE(itCanBeOff) {
    const auto good = bearer(goodToken("teller").signedBy(signingKey()));
    for (const auto* off : {"page.explain = false\n", "auth.errors = minimal\n"}) {
        const DaemonProcess daemon(settings(off));
        BOOST_TEST(daemon.get("/explain", good).status == 404, off);
        // Like every path that is not there.
        BOOST_TEST(daemon.get("/explain").status == daemon.get("/nowhere").status, off);
        BOOST_TEST(daemon.get("/page/config.json").body.find(R"("explain":false)") != std::string::npos, off);
    }
    const DaemonProcess daemon(settings());
    BOOST_TEST(daemon.get("/page/config.json").body.find(R"("explain":true)") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
