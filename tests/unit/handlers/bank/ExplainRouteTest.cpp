#include "changebank/handlers/bank/ExplainRoute.h"

#include <boost/test/unit_test.hpp>
#include <ctime>
#include <random>

#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/text/Json.h"
#include "changebank/handlers/bank/ChangeBank.h"
#include "changebank/security/explanation/Station.h"
#include "tests/support/AttackCases.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using namespace changebank::tests;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
}

TokenPolicy policyOf(const std::string& issuer = TokenRecipe::issuer) {
    TokenPolicy policy{issuer, {TokenRecipe::audience}};
    policy.algorithms = *AlgorithmSet::parse(attackAlgorithms);
    policy.dpop = DpopUse::allow;
    return policy;
}

std::shared_ptr<const JwkSet> keySet(const std::string& document) {
    return std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(document));
}

/// Made once: its keys take time.
const AttackKeys& attackKeys() {
    static const AttackKeys keys;
    return keys;
}

/// A ChangeBank that explains.
struct Bank {
    explicit Bank(std::vector<TrustedIssuer> issuers = {}, const CallerLimits::Options& limits = {}) {
        if (issuers.empty())
            issuers.push_back({"default", policyOf(),
                               std::make_shared<FixedKeySource>(keySet(attackKeys().document())), 1});
        ProtectedResources::Options resources{.identifiers = {"http://localhost:3000/"}};
        resources.dpopAlgorithms = {"ES256"};
        ChangeBankOptions options{
            .access = {.makeChange = anyRole({"customer", "teller"}), .panic = anyRole({"teller"})},
            .cookie = "app.at",
            .explains = true,
            .resources = resources,
            .dpop = std::make_shared<const DpopVerifier>(
                DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits(), 0), nullptr,
                Clock::system()),
            .limits = std::make_shared<const CallerLimits>(limits, nullptr, stoppedClock)};
        auto validator = std::make_shared<TokenValidator>(
            std::move(issuers), std::make_shared<VerifiedTokenCache>(100), Clock::system(), revocations);
        bank = makeChangeBank(options, std::move(validator),
                              std::make_shared<RefusalReporter>(ErrorDetail::detailed, counters), trail);
    }

    /// As a server with an access log would.
    std::string answerTo(ContextFakeRequest& request, const Fields& fields) const {
        for (const auto& [name, value] : fields)
            request.add(name, value);
        auto factory = bank;
        return request.handledBy(factory->createRequestHandler(request)).body();
    }

    Json explain(const std::string& query, const Fields& fields) const {
        ContextFakeRequest request("GET", "/explain" + query);
        const auto body = answerTo(request, fields);
        BOOST_TEST_REQUIRE(request.sentResponse().getStatus() == 200);
        BOOST_TEST(request.sentResponse().get("Cache-Control") == "no-store");
        BOOST_TEST(request.sentResponse().get("Vary") == "Cookie, Authorization");
        BOOST_TEST(!request.sentResponse().has("WWW-Authenticate"));
        BOOST_TEST(request.route == "/explain");
        BOOST_TEST(request.denial == "");
        auto json = Json::parse(body);
        BOOST_TEST_REQUIRE(json.has_value(), body);
        return std::move(*json);
    }

    std::uint64_t refusals() const {
        std::uint64_t sum = 0;
        for (const auto& traits : allCauses())
            sum += counters->of(traits.cause);
        return sum;
    }

    ManualClock stoppedClock;
    std::shared_ptr<RevocationList> revocations =
        std::make_shared<RevocationList>(RevocationList::Limits{.entries = 10});
    std::shared_ptr<RefusalCounters> counters = std::make_shared<RefusalCounters>();
    std::shared_ptr<RecordingTrail> trail = std::make_shared<RecordingTrail>();
    Poco::Net::HTTPRequestHandlerFactory::Ptr bank;
};

std::string text(const Json& json, const char* member) {
    const auto* found = json.find(member);
    return found && found->string() ? *found->string() : "";
}

const Json* stationIn(const Json& explanation, std::string_view check) {
    for (const auto& station : *explanation.find("stations")->array()) {
        if (*station.find("check")->string() == check) return &station;
    }
    return nullptr;
}

/// The check that refused, or "handler"; fails unless those before it passed and those after it were not
/// reached.
std::string stopOf(const Json& explanation) {
    std::string stop;
    for (const auto& station : *explanation.find("stations")->array()) {
        const auto check = text(station, "check");
        const auto outcome = text(station, "outcome");
        const bool isReached = outcome != "notReached";
        BOOST_TEST(isReached == stop.empty(), check << " after " << stop);
        BOOST_TEST((station.find("expected") != nullptr) == isReached);
        BOOST_TEST((station.find("found") != nullptr) == isReached);
        if (isReached) BOOST_TEST(!text(station, "found").empty(), check << " has found nothing");
        if (isReached) BOOST_TEST(!text(station, "expected").empty(), check << " expects nothing");
        if (outcome == "refused") stop = check;
    }
    return stop.empty() ? "handler" : stop;
}

/// What the explanation says that the request would get: the same members as in gotOf().
std::string wouldGet(const Json& explanation) {
    const auto& response = *explanation.find("response");
    if (response.isNull()) return "the handler";
    return response.find("status")->number()->text + " " + text(response, "error") + " " +
           text(response, "code") + " " + text(response, "challenge");
}

/// What the request itself gets.
std::string got(const Bank& bank, const std::string& method, const std::string& target,
                const Fields& fields) {
    ContextFakeRequest request(method, target);
    const auto body = bank.answerTo(request, fields);
    const auto& response = request.sentResponse();
    if (response.getStatus() == 200) return "the handler";
    const auto json = Json::parse(body).value();
    return std::to_string(response.getStatus()) + " " + text(json, "error") + " " + text(json, "code") + " " +
           response.get("WWW-Authenticate", "");
}

/// One fault of a token or its request, in the order in which they are judged.
struct Fault {
    std::string stop;
    std::function<void(TokenRecipe&)> apply;
};

const std::vector<Fault>& faults() {
    static const std::vector<Fault> all{
        {"form", [](TokenRecipe& token) { token.header("crit", "[\"x\"]"); }},
        {"key", [](TokenRecipe& token) { token.header("kid", "\"nobody\""); }},
        // Signed by somebody else.
        {"signature", [](TokenRecipe&) {}},
        {"claims", [](TokenRecipe& token) { token.without("exp"); }},
        {"issuer", [](TokenRecipe& token) { token.claim("iss", "\"http://elsewhere\""); }},
        {"audience", [](TokenRecipe& token) { token.claim("aud", "\"another\""); }},
        {"times", [](TokenRecipe& token) { token.claim("nbf", "9999999999"); }},
        {"kind", [](TokenRecipe& token) { token.claim("tty", "\"id\""); }},
        {"revocation", [](TokenRecipe& token) { token.claim("sub", "\"revoked\""); }},
        {"sender",
         [](TokenRecipe& token) {
             token.claim("cnf",
                         R"({"jkt":")" + ProofRecipe::thumbprintOf(TestKey::shared(KeyFamily::p256)) + "\"}");
         }},
        {"access", [](TokenRecipe& token) { token.claim("roles", "[\"customer\"]"); }},
    };
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ExplainRouteTest)

BOOST_AUTO_TEST_CASE(aGoodTokenReachesTheHandler) {
    const Bank bank;
    const auto token = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    for (const std::string query : {"", "?method=POST&path=/panic", "?path=/make-change", "?path=/ME/",
                                    "?path=%2Fmake-change%3Ftotal%3D1", "?method=DELETE"}) {
        const auto explanation = bank.explain(query, bearer(token));
        BOOST_TEST(stopOf(explanation) == "handler", query);
        BOOST_TEST(explanation.find("response")->isNull(), query);
    }
    const auto explanation = bank.explain("?method=POST&path=/panic", bearer(token));
    BOOST_TEST(text(*explanation.find("request"), "method") == "POST");
    BOOST_TEST(text(*explanation.find("request"), "path") == "/panic");
    const auto evidence = [&](const char* check) {
        return text(*stationIn(explanation, check), "expected") + " | " +
               text(*stationIn(explanation, check), "found");
    };
    BOOST_TEST(evidence("token") ==
               "the cookie app.at or Authorization: Bearer or DPoP | Authorization: Bearer");
    BOOST_TEST(evidence("form") == "a compact JWS | RS256, typ JWT");
    BOOST_TEST(evidence("key").ends_with(" of http://localhost:9011 | kid k1, alg RS256"));
    BOOST_TEST(evidence("claims") == "typ JWT or at+jwt; iss, aud, exp | typ JWT; iss, aud, exp");
    BOOST_TEST(evidence("issuer") == "http://localhost:9011 | http://localhost:9011");
    BOOST_TEST(evidence("audience") == std::string(TokenRecipe::audience) + " | " + TokenRecipe::audience);
    BOOST_TEST(evidence("times").find("now within nbf, iat and exp | expires in ") == 0U);
    BOOST_TEST(evidence("sender").ends_with(" | a bearer token"));
    BOOST_TEST(evidence("access") == "roles=teller | roles: teller");
    BOOST_TEST(evidence("handler") == "POST /panic | handed on");
}

BOOST_AUTO_TEST_CASE(aTokenInTheCookieIsFoundThere) {
    const Bank bank;
    const auto token = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    const auto explanation = bank.explain("", {{"Cookie", "app.at=" + token}, {"Authorization", "Bearer x"}});
    BOOST_TEST(stopOf(explanation) == "handler");
    BOOST_TEST(text(*stationIn(explanation, "token"), "found") == "the cookie app.at");
}

// Every pair of faults: the one that is judged first is the stop, and the real route says the same.
BOOST_AUTO_TEST_CASE(theStationsAreInTheOrderInWhichTheCodeJudges) {
    const Bank bank;
    bank.revocations->add({.user = "revoked", .issuedUpTo = std::time(nullptr) + 10});
    for (std::size_t first = 0; first < faults().size(); ++first) {
        for (std::size_t second = first; second < faults().size(); ++second) {
            TokenRecipe recipe(std::time(nullptr));
            faults()[first].apply(recipe);
            faults()[second].apply(recipe);
            const bool isChanged =
                faults()[first].stop == "signature" || faults()[second].stop == "signature";
            const auto token = recipe.signedBy(isChanged ? attackKeys().attacker : attackKeys().k1);
            const auto& stop = faults()[first].stop;
            // Once as a stranger, and once more in case it was remembered.
            for (int i = 0; i < 2; ++i) {
                const auto explanation = bank.explain("?method=POST&path=/panic", bearer(token));
                BOOST_TEST(stopOf(explanation) == stop, stop << " and " << faults()[second].stop);
                // None is said to have passed what was not looked at.
                BOOST_TEST(text(*stationIn(explanation, faults()[second].stop), "outcome") ==
                               (first == second ? "refused" : "notReached"),
                           stop << " and " << faults()[second].stop);
                BOOST_TEST(wouldGet(explanation) == got(bank, "POST", "/panic", bearer(token)));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(withoutAGoodPlaceForTheTokenItStopsThere) {
    const Bank bank;
    const auto token = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    const std::string cookie = "app.at=" + token;
    for (const auto& fields :
         std::vector<Fields>{{},
                             {{"Authorization", "Basic abc"}},
                             {{"Authorization", "Bearer " + token + " x"}},
                             {{"Authorization", "Bearer a"}, {"Authorization", "Bearer b"}},
                             {{"Cookie", cookie}, {"Sec-Fetch-Site", "cross-site"}},
                             {{"Cookie", cookie}, {"Origin", "https://evil.example"}}}) {
        const auto explanation = bank.explain("?method=POST&path=/panic", fields);
        BOOST_TEST(stopOf(explanation) == "token");
        BOOST_TEST(wouldGet(explanation) == got(bank, "POST", "/panic", fields));
    }
}

// The method that is asked about counts, not that of the question.
BOOST_AUTO_TEST_CASE(aCookieFromAnotherSiteMayRead) {
    const Bank bank;
    const Fields fields{{"Cookie", "app.at=" + TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1)},
                        {"Sec-Fetch-Site", "cross-site"}};
    BOOST_TEST(stopOf(bank.explain("?path=/make-change", fields)) == "handler");
    BOOST_TEST(stopOf(bank.explain("?method=POST", fields)) == "token");
}

BOOST_AUTO_TEST_CASE(whatHasNoRouteStopsBehindTheGuard) {
    const Bank bank;
    const auto fields = bearer(TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1));
    for (const auto& [method, path] :
         std::vector<std::pair<std::string, std::string>>{{"GET", "/panic"},
                                                          {"GET", "/nowhere"},
                                                          {"BREW", "/me"},
                                                          {"POST", "/explain"},
                                                          {"DELETE", "/livez"},
                                                          {"GET", "/" + std::string(500, 'a')}}) {
        const auto explanation = bank.explain("?method=" + method + "&path=" + path, fields);
        BOOST_TEST(wouldGet(explanation) == got(bank, method, path, fields), method << " " << path);
        BOOST_TEST(text(*stationIn(explanation, "access"), "outcome") == "refused", method << " " << path);
        BOOST_TEST(text(*stationIn(explanation, "handler"), "outcome") == "notReached");
        BOOST_TEST(wouldGet(bank.explain("?method=" + method + "&path=" + path, {})) ==
                   got(bank, method, path, {}));
    }
    const auto options = bank.explain("?method=OPTIONS&path=/panic", fields);
    BOOST_TEST(options.find("response")->find("status")->number()->text == "204");
    BOOST_TEST(text(*stationIn(options, "access"), "outcome") == "passed");
    BOOST_TEST(text(*stationIn(options, "handler"), "outcome") == "notReached");
}

BOOST_AUTO_TEST_CASE(aPublicRouteLooksAtNoToken) {
    const Bank bank;
    for (const std::string path : {"/", "/livez", "/page/config.json", "/explain"}) {
        const auto explanation = bank.explain("?path=" + path, bearer("nonsense"));
        BOOST_TEST(explanation.find("response")->isNull());
        BOOST_TEST(text(*stationIn(explanation, "token"), "outcome") == "notReached", path);
        BOOST_TEST(text(*stationIn(explanation, "handler"), "outcome") == "passed", path);
    }
}

BOOST_AUTO_TEST_CASE(everyAttackIsExplainedAsItIsAnswered) {
    const Bank bank;
    for (const auto& attack : attackCases(attackKeys(), std::time(nullptr), "http://127.0.0.1:1/")) {
        const auto explanation = bank.explain("?method=POST&path=/panic", bearer(attack.token));
        BOOST_TEST(wouldGet(explanation) == got(bank, "POST", "/panic", bearer(attack.token)), attack.name);
        BOOST_TEST((stopOf(explanation) == "handler") == (attack.status == 200), attack.name);
    }
}

BOOST_AUTO_TEST_CASE(changedTokensAreExplainedAsTheyAreAnswered) {
    const Bank bank;
    const auto good = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    std::mt19937 random(20'21);
    const auto below = [&](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
    };
    constexpr std::string_view alphabet = "ABCxyz019-_.=\"{ ";
    for (int i = 0; i < 1000; ++i) {
        auto token = good;
        for (auto changes = 1 + below(3); changes > 0; --changes) {
            const auto place = below(token.size());
            switch (below(3)) {
                case 0:
                    token[place] = alphabet[below(alphabet.size())];
                    break;
                case 1:
                    token.erase(place, 1 + below(8));
                    break;
                default:
                    token.insert(place, 1, alphabet[below(alphabet.size())]);
            }
        }
        const auto explanation = bank.explain("?method=POST&path=/panic", bearer(token));
        BOOST_TEST(wouldGet(explanation) == got(bank, "POST", "/panic", bearer(token)), token);
        stopOf(explanation);
    }
}

BOOST_AUTO_TEST_CASE(withSeveralIssuersTheIssuerIsJudgedBeforeTheKey) {
    const auto other = TestKey::generate(KeyFamily::p256);
    const Bank bank(
        {{"one", policyOf(), std::make_shared<FixedKeySource>(keySet(attackKeys().document())), 1},
         {"two", policyOf("http://two"),
          std::make_shared<FixedKeySource>(keySet(keySetOf({other.jwk(R"("kid":"k1")")}))), 2}});
    const auto check = [&](TokenRecipe recipe, const TestKey& key, Algorithm algorithm,
                           const std::string& stop, std::size_t issuerPlace) {
        const auto token = recipe.signedBy(key, algorithm);
        const auto explanation = bank.explain("?path=/make-change", bearer(token));
        BOOST_TEST(stopOf(explanation) == stop);
        BOOST_TEST(wouldGet(explanation) == got(bank, "GET", "/make-change?total=1", bearer(token)));
        BOOST_TEST(text((*explanation.find("stations")->array())[issuerPlace], "check") == "issuer");
        return explanation;
    };
    const TokenRecipe good(std::time(nullptr));
    auto ofTwo = good;
    ofTwo.claim("iss", "\"http://two\"").header("alg", "\"ES256\"");
    check(good, attackKeys().k1, Algorithm::rs256, "handler", 2);
    const auto explanation = check(ofTwo, other, Algorithm::es256, "handler", 2);
    BOOST_TEST(text(*stationIn(explanation, "issuer"), "expected") == "http://two");
    BOOST_TEST(text(*stationIn(explanation, "key"), "expected").ends_with("1 key of http://two"));
    auto unknown = good;
    // The others are named to nobody whose token is not verified.
    const auto ofNobody =
        check(unknown.claim("iss", "\"http://three\""), attackKeys().k1, Algorithm::rs256, "issuer", 2);
    BOOST_TEST(text(*stationIn(ofNobody, "issuer"), "expected") == "one of 2 trusted issuers");
    BOOST_TEST(text(*stationIn(ofNobody, "issuer"), "found") == "http://three");
    auto borrowed = ofTwo;
    check(borrowed.header("alg", "\"RS256\""), attackKeys().k1, Algorithm::rs256, "key", 2);
    // Nobody's token is judged by the first issuer, in the order of one.
    auto nobodys = good;
    check(nobodys.without("iss"), attackKeys().k1, Algorithm::rs256, "claims", 5);
}

BOOST_AUTO_TEST_CASE(aProofIsForTheQuestion) {
    const Bank bank;
    const auto& key = TestKey::shared(KeyFamily::p256);
    const auto token = TokenRecipe(std::time(nullptr))
                           .claim("cnf", R"({"jkt":")" + ProofRecipe::thumbprintOf(key) + "\"}")
                           .signedBy(attackKeys().k1);
    const auto proofFor = [&](const std::string& method, const std::string& path, const std::string& id) {
        return ProofRecipe(std::time(nullptr), key)
            .claim("htm", quoteJson(method))
            .claim("htu", quoteJson("http://localhost:3000" + path))
            .claim("jti", quoteJson(id))
            .forToken(token)
            .text();
    };
    const auto explain = [&](const std::string& proof) {
        return bank.explain("?method=POST&path=/panic",
                            {{"Authorization", "DPoP " + token}, {"DPoP", proof}});
    };
    BOOST_TEST(stopOf(explain(proofFor("GET", "/explain", "a"))) == "handler");
    const auto again = explain(proofFor("GET", "/explain", "a"));
    BOOST_TEST(stopOf(again) == "sender");
    BOOST_TEST(wouldGet(again).find("ERR_DPOP_REPLAYED") != std::string::npos);
    // One for the request itself is not used up by the question.
    const auto real = proofFor("POST", "/panic", "b");
    BOOST_TEST(stopOf(explain(real)) == "sender");
    BOOST_TEST(got(bank, "POST", "/panic", {{"Authorization", "DPoP " + token}, {"DPoP", real}}) ==
               "the handler");
    BOOST_TEST(stopOf(bank.explain("", {{"Authorization", "DPoP " + token}})) == "sender");
}

BOOST_AUTO_TEST_CASE(nothingIsCountedOrRecorded) {
    const Bank bank;
    auto recipe = TokenRecipe(std::time(nullptr)).claim("roles", "[]");
    for (const auto& fields : {Fields{}, bearer("x"), bearer(recipe.signedBy(attackKeys().k1))}) {
        bank.explain("?method=POST&path=/panic", fields);
        bank.explain("?method=POST&path=/panic", fields);
    }
    BOOST_TEST(bank.refusals() == 0U);
    BOOST_TEST(bank.trail->text == "");
}

// A stranger's token is judged after the requests that can be answered at once, like at any other route.
BOOST_AUTO_TEST_CASE(aStrangersTokenIsJudgedLater) {
    const Bank bank;
    auto factory = bank.bank;
    const auto token = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    const auto isDeferred = [&](const std::string& authorization) {
        ContextFakeRequest request("GET", "/explain");
        if (!authorization.empty()) request.set("Authorization", authorization);
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(factory->createRequestHandler(request));
        return dynamic_cast<DeferredRequestHandler*>(handler.get()) != nullptr;
    };
    BOOST_TEST(isDeferred("Bearer " + token));
    BOOST_TEST(!isDeferred(""));
    bank.explain("", bearer(token));
    BOOST_TEST(!isDeferred("Bearer " + token));
}

BOOST_AUTO_TEST_CASE(whatComesFromTheTokenIsEscapedAndCut) {
    const Bank bank;
    const std::string evil = R"(</script><img src=x onerror=alert(1)>\n\u202e\")";
    const auto token = TokenRecipe(std::time(nullptr))
                           .header("kid", "\"" + evil + std::string(1000, 'k') + "\"")
                           .signedBy(attackKeys().k1);
    ContextFakeRequest request("GET", "/explain?method=POST&path=/%3Cscript%3E%22");
    const auto body = bank.answerTo(request, bearer(token));
    BOOST_TEST(request.sentResponse().getContentType() == "application/json; charset=utf-8");
    BOOST_TEST(request.sentResponse().get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(body.find('\n') == std::string::npos);
    BOOST_TEST(body.find("\u202e") == std::string::npos);
    const auto explanation = Json::parse(body).value();
    BOOST_TEST(text(*explanation.find("request"), "path") == "/<script>\"");
    BOOST_TEST(text(*stationIn(explanation, "key"), "found").size() <= Refusal::maxEvidence);
}

BOOST_AUTO_TEST_CASE(itNeverShowsTheTokenOrItsSignature) {
    const Bank bank;
    auto recipe = TokenRecipe(std::time(nullptr)).claim("secret", "\"in-the-claims\"");
    for (const auto& fault : faults()) {
        auto broken = recipe;
        fault.apply(broken);
        const auto token = broken.signedBy(attackKeys().k1);
        ContextFakeRequest request("GET", "/explain?path=/me");
        const auto body = bank.answerTo(request, bearer(token));
        const auto signature = token.substr(token.rfind('.') + 1);
        BOOST_TEST(body.find(signature) == std::string::npos);
        BOOST_TEST(body.find(token.substr(0, token.find('.'))) == std::string::npos);
        BOOST_TEST(body.find("in-the-claims") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(aTokenWithinTheLeewayHasExpired) {
    auto policy = policyOf();
    policy.leeway = std::chrono::minutes(2);
    const Bank bank(
        {{"default", policy, std::make_shared<FixedKeySource>(keySet(attackKeys().document())), 1}});
    const auto now = std::time(nullptr);
    const auto token =
        TokenRecipe(now - 3600).claim("exp", std::to_string(now - 60)).signedBy(attackKeys().k1);
    const auto found = text(*stationIn(bank.explain("?path=/me", bearer(token)), "times"), "found");
    BOOST_TEST(found.starts_with("expired "), found);
    BOOST_TEST(found.ends_with(" s ago"), found);
}

// Else who has sent too many bad tokens would have them verified here.
BOOST_AUTO_TEST_CASE(explanationsCountForTheLimitsOfCallers) {
    const Bank bank({}, {.subject = {1, 2}, .refused = {1, 1}});
    const auto explained = [&](const std::string& token) {
        return bank.explain("?method=POST&path=/panic", bearer(token));
    };
    const auto good = TokenRecipe(std::time(nullptr)).signedBy(attackKeys().k1);
    for (const std::string stop : {"handler", "handler", "access"})
        BOOST_TEST(stopOf(explained(good)) == stop);
    BOOST_TEST(wouldGet(explained(good)).starts_with("429 "));
    const auto ofMe = bank.explain("?path=/me", bearer(good));
    BOOST_TEST(text(*stationIn(ofMe, "access"), "expected") == "2 at once, then 1 a second");
    BOOST_TEST(text(*stationIn(ofMe, "access"), "found") == "more");

    const auto bad = TokenRecipe(std::time(nullptr)).without("exp").signedBy(attackKeys().k1);
    BOOST_TEST(stopOf(explained(bad)) == "claims");
    const auto refused = explained(bad);
    BOOST_TEST(stopOf(refused) == "token");
    BOOST_TEST(wouldGet(refused).starts_with("429 "));
}

BOOST_AUTO_TEST_CASE(aQuestionThatCannotBeReadIsRefused) {
    const Bank bank;
    for (const std::string query : {"?path=/a&path=/b", "?method=GET&method=POST", "?method=", "?path=me",
                                    "?path=http://x/", "?method=A%20B", "?path=/%0a"}) {
        ContextFakeRequest request("GET", "/explain" + query);
        bank.answerTo(request, {});
        BOOST_TEST(request.sentResponse().getStatus() == 400, query);
    }
    for (const auto& [name, size, status] : std::vector<std::tuple<std::string, std::size_t, int>>{
             {"?path=/", 1023, 200}, {"?path=/", 1024, 400}, {"?method=", 32, 200}, {"?method=", 33, 400}}) {
        ContextFakeRequest request("GET", "/explain" + name + std::string(size, 'a'));
        bank.answerTo(request, {});
        BOOST_TEST(request.sentResponse().getStatus() == status, name << size);
    }
}

BOOST_AUTO_TEST_SUITE_END()
