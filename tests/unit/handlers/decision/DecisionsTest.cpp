#include "changebank/handlers/decision/Decisions.h"

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "changebank/base/text/Json.h"
#include "changebank/handlers/decision/IdentityFields.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"
#include "tests/unit/handlers/decision/DecisionFixture.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using changebank::tests::ProofRecipe;
using changebank::tests::TokenRecipe;

namespace {

/// No keys yet; a fetch that ends when the test says so.
class LaterKeys : public KeySource {
public:
    std::shared_ptr<const KeySnapshot> current() const override { return _snapshot; }
    bool mayRefetch(FetchReason) const override { return _snapshot->keys == nullptr; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override { return _snapshot; }
    Joined join(FetchReason, std::uint64_t, std::function<void()> ended) override {
        _ended = std::move(ended);
        return std::make_unique<Place>();
    }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(7); }

    void arrive(std::shared_ptr<const JwkSet> keys) {
        _snapshot = std::make_shared<KeySnapshot>(KeySnapshot{std::move(keys), 2, Cause::keysUnreachable});
        _ended();
    }
    void fail() { _ended(); }

private:
    std::shared_ptr<const KeySnapshot> _snapshot = std::make_shared<KeySnapshot>();
    std::function<void()> _ended;
};

struct Fixture : DecisionFixture {
    Fixture() {
        options.rules =
            rules({"GET,POST /orders/** roles=teller", "GET /orders/1 public", "GET /me authenticated",
                   "GET /catalogue/** public", "PUT /cash roles=manager scopes=cash:move"});
    }

    /// `handler` after it has resolved to what sends the answer.
    static std::unique_ptr<Poco::Net::HTTPRequestHandler> resolved(
        std::unique_ptr<Poco::Net::HTTPRequestHandler> handler, const ContextFakeRequest& request) {
        while (auto* deferred = dynamic_cast<DeferredRequestHandler*>(handler.get()))
            handler = deferred->resolve(request);
        return handler;
    }
};

std::string headOf(const ContextFakeRequest& request, const std::string& name) {
    return request.sentResponse().get(name, "");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionsTest, Fixture)

BOOST_AUTO_TEST_CASE(aClientBeyondItsLimitIsRefusedBeforeAnythingElse) {
    changebank::tests::ManualClock clock;
    options.corsOrigins = {"https://app.example"};
    options.limits =
        std::make_shared<const CallerLimits>(CallerLimits::Options{.client = {1, 2}}, nullptr, clock);
    BOOST_TEST(decision("GET", "/catalogue/1") == "200 /catalogue/** ");
    BOOST_TEST(decision("GET", "/orders/2") == "401 missing_token");
    for (const auto* target : {"/catalogue/1", "/orders/2", "/unknown", "/a/../b"})
        BOOST_TEST(decision("GET", target, bearer(token())) == "429 client_rate_exceeded", target);
    const auto page = answered("GET", "/catalogue/1", {{"Origin", "https://app.example"}});
    BOOST_TEST(headOf(*page, "Access-Control-Allow-Origin") == "https://app.example");
    BOOST_TEST(headOf(*page, "Access-Control-Expose-Headers").find("RateLimit, ") != std::string::npos);
    BOOST_TEST(headOf(*page, "Retry-After") == "1");
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(decision("GET", "/catalogue/1") == "200 /catalogue/** ");
}

BOOST_AUTO_TEST_CASE(subjectsAndBadTokensHaveLimitsHereToo) {
    changebank::tests::ManualClock clock;
    options.limits = std::make_shared<const CallerLimits>(
        CallerLimits::Options{.subject = {1, 1}, .refused = {1, 1}}, nullptr, clock);
    BOOST_TEST(decision("GET", "/me", bearer(token())) == "200 /me " + subjectOfRecipe);
    BOOST_TEST(decision("GET", "/me", bearer(token())) == "429 subject_rate_exceeded");
    BOOST_TEST(decision("GET", "/me", bearer(token("[]") + "A")).starts_with("401 "));
    BOOST_TEST(decision("GET", "/me", bearer(token("[]") + "A")) == "429 bad_token_rate_exceeded");
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(decision("GET", "/me", bearer(token())) == "200 /me " + subjectOfRecipe);
}

BOOST_AUTO_TEST_CASE(whoMayIsTold) {
    const auto request = answered("GET", "/orders/7?all=1", bearer(token(R"(["teller","x,y"])")));
    const auto& response = request->sentResponse();
    BOOST_TEST(response.getStatus() == 200);
    BOOST_TEST(response.body().empty());
    BOOST_TEST(response.get("X-Auth-Subject") == subjectOfRecipe);
    BOOST_TEST(response.get("X-Auth-Issuer") == TokenRecipe::issuer);
    BOOST_TEST(response.get("X-Auth-Roles") == "teller,x%2Cy");
    BOOST_TEST(response.get("X-Auth-Scopes").empty());
    BOOST_TEST(response.get("X-Auth-Token").empty());
    BOOST_TEST(response.get("Cache-Control") == "no-store");
    BOOST_TEST(response.size() == 7U, "the five fields, Cache-Control, Content-Length");
    BOOST_TEST(request->received == "GET /orders/7");
    BOOST_TEST(request->route == "/orders/**");
    BOOST_TEST(request->subject == subjectOfRecipe);
    BOOST_TEST(request->denial.empty());
}

BOOST_AUTO_TEST_CASE(theTokenComesInTheCookieAsWell) {
    BOOST_TEST(decision("GET", "/me", {{"Cookie", "app.at=" + token()}}) == "200 /me " + subjectOfRecipe);
}

BOOST_AUTO_TEST_CASE(whoMayNotIsRefusedWithTheChallengeOfTheRule) {
    const auto missing = answered("PUT", "/cash");
    BOOST_TEST(missing->sentResponse().getStatus() == 401);
    BOOST_TEST(missing->sentResponse().body() ==
               R"({"error":"Missing token cookie and Authorization header"})");
    BOOST_TEST(headOf(*missing, "WWW-Authenticate") == R"(Bearer realm="changebank", scope="cash:move")");
    BOOST_TEST(headOf(*missing, "Cache-Control") == "no-store");
    BOOST_TEST(missing->route == "/cash");
    BOOST_TEST(missing->denial == "missing_token");

    const auto role = answered("PUT", "/cash", bearer(token()));
    BOOST_TEST(role->sentResponse().getStatus() == 403);
    BOOST_TEST(headOf(*role, "WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope", scope="cash:move")");
    BOOST_TEST(role->denial == "role_missing");
    BOOST_TEST(role->subject == subjectOfRecipe);
    for (const auto name : identityFields)
        BOOST_TEST(!role->sentResponse().has(std::string(name)), name);

    BOOST_TEST(decision("GET", "/me", bearer("abc")) == "401 not_compact");
    BOOST_TEST(decision("GET", "/me", bearer(sign(recipe().claim("exp", "1")))) == "401 expired");
    BOOST_TEST(decision("GET", "/me", bearer(token("[]"))) == "200 /me " + subjectOfRecipe);
}

BOOST_AUTO_TEST_CASE(theFirstRuleThatMatchesDecides) {
    BOOST_TEST(decision("GET", "/orders/1") == "401 missing_token");
    BOOST_TEST(decision("GET", "/ORDERS/1/", bearer(token())) == "200 /orders/** " + subjectOfRecipe);
    options.rules = rules({"GET /orders/1 public", "GET /orders/** roles=teller"});
    BOOST_TEST(decision("GET", "/orders/1") == "200 /orders/1 ");
    BOOST_TEST(decision("GET", "/orders/2") == "401 missing_token");
}

BOOST_AUTO_TEST_CASE(aPublicPathHasNoCaller) {
    for (const auto& fields : {Fields(), bearer(token()), bearer("garbage")}) {
        const auto request = answered("GET", "/catalogue/coins", fields);
        BOOST_TEST(request->sentResponse().getStatus() == 200);
        for (const auto name : identityFields) {
            BOOST_TEST_REQUIRE(request->sentResponse().has(std::string(name)), name);
            BOOST_TEST(headOf(*request, std::string(name)).empty(), name);
        }
        BOOST_TEST(request->subject.empty());
    }
}

// As a Router answers 404 only to callers with a token.
BOOST_AUTO_TEST_CASE(whatNoRuleAllowsIsRefusedToAllWhoHaveAToken) {
    for (const auto& [method, target] : {std::pair("GET", "/unknown"), std::pair("DELETE", "/orders/1"),
                                         std::pair("OPTIONS", "/me"), std::pair("GET", "/")}) {
        const auto without = answered(method, target);
        BOOST_TEST(without->sentResponse().getStatus() == 401);
        BOOST_TEST(headOf(*without, "WWW-Authenticate") == R"(Bearer realm="changebank")");
        BOOST_TEST(without->route == "unmatched");
        const auto with = answered(method, target, bearer(token()));
        BOOST_TEST(with->sentResponse().getStatus() == 403);
        BOOST_TEST(with->sentResponse().body() ==
                   R"({"error":"no rule allows this request","code":"ERR_NO_RULE"})");
        BOOST_TEST(!with->sentResponse().has("WWW-Authenticate"));
        BOOST_TEST(with->denial == "rule_missing");
        BOOST_TEST(with->subject == subjectOfRecipe);
    }
    BOOST_TEST(decision("GET", "/unknown", bearer("garbage")) == "401 not_compact");
    options.rules.clear();
    BOOST_TEST(decision("GET", "/me", bearer(token())) == "403 rule_missing");
}

BOOST_AUTO_TEST_CASE(headIsAllowedWhereGetIs) {
    BOOST_TEST(decision("HEAD", "/me", bearer(token())) == "200 /me " + subjectOfRecipe);
    BOOST_TEST(decision("HEAD", "/cash", bearer(token())) == "403 rule_missing");
}

BOOST_AUTO_TEST_CASE(aPathThatIsReadInDifferentWaysIsRefusedToAll) {
    for (const auto& fields : {Fields(), bearer(token())}) {
        for (const char* target :
             {"//catalogue", "/catalogue/../orders/1", "/catalogue/%2e%2e/orders", "/catalogue%2Fx",
              "/catalogue/a;b", "/catalogue/a\\b", "/catalogue/%", "/catalogue/%zz", "/catalogue/x#y",
              "/catalogue/x?y#z", "catalogue", "http://api.example.com/catalogue", "*", "?x", "/a b"}) {
            const auto request = answered("GET", target, fields);
            BOOST_TEST(request->sentResponse().getStatus() == 403, target);
            BOOST_TEST(request->denial == "path_ambiguous", target);
            BOOST_TEST(
                request->sentResponse().body() ==
                R"({"error":"servers may read this path in different ways","code":"ERR_PATH_AMBIGUOUS"})");
            BOOST_TEST(!request->sentResponse().has("WWW-Authenticate"));
            BOOST_TEST(headOf(*request, "Cache-Control") == "no-store");
        }
    }
}

BOOST_AUTO_TEST_CASE(theQueryIsNotLookedAt) {
    BOOST_TEST(decision("GET", "/catalogue?a=../..//%2F;\\%") == "200 /catalogue/** ");
}

BOOST_AUTO_TEST_CASE(fieldsThatAnApiMightBelieveAreRefusedToAll) {
    for (const auto& [name, value, canonical] :
         {std::tuple("x_auth_subject", "root", "X-Auth-Subject"),
          std::tuple("X-HTTP-Method-Override", "PUT", "X-HTTP-Method-Override"),
          std::tuple("Upgrade", "h2c", "Upgrade"), std::tuple("Sec_Fetch_Site", "none", "Sec-Fetch-Site")}) {
        auto fields = bearer(token());
        fields.emplace_back(name, value);
        const auto request = answered("GET", "/catalogue", fields);
        BOOST_TEST(request->sentResponse().getStatus() == 403, name);
        BOOST_TEST(request->denial == "field_forbidden", name);
        BOOST_TEST(request->sentResponse().body() ==
                   R"({"error":"the header field )" + std::string(canonical) +
                       R"( is not accepted from clients","code":"ERR_FIELD_FORBIDDEN"})");
    }
    BOOST_TEST(decision("GET", "/a/..", {{"X-Auth-Roles", "x"}}) == "403 path_ambiguous");
}

BOOST_AUTO_TEST_CASE(theCrossSiteCheckSeesTheForwardedMethodAndHost) {
    const Fields cookie{{"Cookie", "app.at=" + token()}};
    const auto from = [&](const std::string& method, const std::string& name, const std::string& value) {
        auto fields = cookie;
        fields.emplace_back(name, value);
        return decision(method, "/orders", fields);
    };
    const auto allowed = "200 /orders/** " + subjectOfRecipe;
    BOOST_TEST(from("POST", "Sec-Fetch-Site", "cross-site") == "403 cross_site_request");
    BOOST_TEST(from("GET", "Sec-Fetch-Site", "cross-site") == allowed);
    BOOST_TEST(from("POST", "Sec-Fetch-Site", "same-origin") == allowed);
    BOOST_TEST(from("POST", "Origin", "https://api.example.com") == allowed);
    BOOST_TEST(from("POST", "Origin", "https://evil.example") == "403 cross_site_request");
    // The host of the proxy's own request.
    BOOST_TEST(from("POST", "Origin", "http://localhost:3000") == "403 cross_site_request");
    options.corsOrigins = {"https://app.example.com"};
    BOOST_TEST(from("POST", "Origin", "https://app.example.com") == allowed);
}

BOOST_AUTO_TEST_CASE(aCookieOpensAWebSocketForPagesOfTheSameSiteAlone) {
    options.corsOrigins = {"https://app.example.com"};
    const auto handshake = [&](const std::string& name, const std::string& value) {
        return decision("GET", "/me",
                        {{"Cookie", "app.at=" + token()}, {"Upgrade", "websocket"}, {name, value}});
    };
    for (const char* site : {"cross-site", "same-site"})
        BOOST_TEST(handshake("Sec-Fetch-Site", site) == "403 cross_site_request", site);
    for (const char* origin : {"https://evil.example", "https://other.example.com", "null"})
        BOOST_TEST(handshake("Origin", origin) == "403 cross_site_request", origin);
    const auto allowed = "200 /me " + subjectOfRecipe;
    BOOST_TEST(handshake("Origin", "https://api.example.com") == allowed);
    BOOST_TEST(handshake("Origin", "https://app.example.com") == allowed);
    BOOST_TEST(handshake("Sec-Fetch-Site", "same-origin") == allowed);
    BOOST_TEST(handshake("X-Other", "x") == allowed);
    auto fields = bearer(token());
    fields.insert(fields.end(), {{"Upgrade", "websocket"}, {"Origin", "https://evil.example"}});
    BOOST_TEST(decision("GET", "/me", fields) == allowed);
}

BOOST_AUTO_TEST_CASE(aPreflightThatBringsABodyOrAnUpgradeNeedsAToken) {
    options.corsOrigins = {"https://app.example.com"};
    const auto preflight = [&](const std::string& name, const std::string& value) {
        return decision(
            "OPTIONS", "/me",
            {{"Origin", "https://app.example.com"}, {"Access-Control-Request-Method", "GET"}, {name, value}});
    };
    BOOST_TEST(preflight("Content-Length", "0") == "200 /me ");
    BOOST_TEST(preflight("Content-Length", "5") == "401 missing_token");
    BOOST_TEST(preflight("Transfer-Encoding", "chunked") == "401 missing_token");
    BOOST_TEST(preflight("Upgrade", "websocket") == "401 missing_token");
}

BOOST_AUTO_TEST_CASE(aPreflightIsForTheApiToAnswer) {
    options.corsOrigins = {"https://app.example.com"};
    const auto preflight = [&](const std::string& target, const std::string& asked,
                               const std::string& origin = "https://app.example.com",
                               const std::string& method = "OPTIONS") {
        return decision(method, target, {{"Origin", origin}, {"Access-Control-Request-Method", asked}});
    };
    BOOST_TEST(preflight("/orders/1", "POST") == "200 /orders/** ");
    BOOST_TEST(preflight("/cash", "PUT") == "200 /cash ");
    BOOST_TEST(preflight("/me", "HEAD") == "200 /me ");
    for (const auto& [target, asked] : {std::pair("/me", "PUT"), std::pair("/unknown", "GET"),
                                        std::pair("/me", ""), std::pair("/me", "get")})
        BOOST_TEST(preflight(target, asked) == "401 missing_token", target << " " << asked);
    BOOST_TEST(preflight("/me", "GET", "https://evil.example") == "401 missing_token");
    BOOST_TEST(preflight("/me", "GET", "https://app.example.com", "POST") == "401 missing_token");
    BOOST_TEST(preflight("/me/../x", "GET") == "403 path_ambiguous");
    options.corsOrigins.clear();
    BOOST_TEST(preflight("/orders/1", "POST") == "401 missing_token");

    options.corsOrigins = {"https://app.example.com"};
    const auto request = answered(
        "OPTIONS", "/me", {{"Origin", "https://app.example.com"}, {"Access-Control-Request-Method", "GET"}});
    for (const auto name : identityFields)
        BOOST_TEST(headOf(*request, std::string(name)).empty(), name);
    BOOST_TEST(request->sentResponse().has("X-Auth-Subject"));
}

BOOST_AUTO_TEST_CASE(pagesOfAllowedOriginsMayReadRefusals) {
    options.corsOrigins = {"https://app.example.com"};
    for (const auto& [target, status] :
         {std::pair("/me", 401), std::pair("/a//b", 403), std::pair("/unknown", 401)}) {
        const auto allowed = answered("GET", target, {{"Origin", "https://app.example.com"}});
        BOOST_TEST(allowed->sentResponse().getStatus() == status);
        BOOST_TEST(headOf(*allowed, "Access-Control-Allow-Origin") == "https://app.example.com");
        BOOST_TEST(headOf(*allowed, "Access-Control-Allow-Credentials") == "true");
        BOOST_TEST(headOf(*allowed, "Access-Control-Expose-Headers").find("WWW-Authenticate") !=
                   std::string::npos);
        BOOST_TEST(headOf(*allowed, "Vary") == "Origin");
        const auto other = answered("GET", target, {{"Origin", "https://evil.example"}});
        BOOST_TEST(headOf(*other, "Access-Control-Allow-Origin").empty());
        BOOST_TEST(headOf(*other, "Vary") == "Origin");
    }
}

BOOST_AUTO_TEST_CASE(proofsAreForTheForwardedRequest) {
    options.resources.identifiers = {"https://api.example.com/"};
    options.resources.dpopAlgorithms = {"ES256"};
    options.dpop = std::make_shared<const DpopVerifier>(
        DpopPolicy(), std::make_shared<ReplayStore>(ReplayStore::Limits(), 0));
    const auto bound = sign(recipe().claim("cnf", R"({"jkt":")" + ProofRecipe::thumbprintOf(key) + R"("})"));
    unsigned number = 0;
    const auto withProofFor = [&](const std::string& method, const std::string& uri) {
        const auto proof = ProofRecipe(now, key)
                               .claim("jti", quoteJson(std::to_string(++number)))
                               .claim("htm", quoteJson(method))
                               .claim("htu", quoteJson(uri))
                               .forToken(bound)
                               .text();
        return decision("POST", "/orders/7?x=1", {{"Authorization", "DPoP " + bound}, {"DPoP", proof}});
    };
    BOOST_TEST(withProofFor("POST", "https://api.example.com/orders/7") ==
               "200 /orders/** " + subjectOfRecipe);
    BOOST_TEST(withProofFor("GET", "https://api.example.com/orders/7") == "401 dpop_claim_unexpected");
    BOOST_TEST(withProofFor("POST", "https://api.example.com/decision") == "401 dpop_claim_unexpected");
    BOOST_TEST(decision("GET", "/me", bearer(bound)) == "401 dpop_token_as_bearer");
    const auto refused = answered("GET", "/me");
    BOOST_TEST(headOf(*refused, "WWW-Authenticate").find(R"(, DPoP realm="changebank", algs="ES256")") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(aChallengeNamesTheMetadataOfTheRulesPath) {
    options.resources.identifiers = {"https://api.example.com/", "https://api.example.com/orders"};
    for (const auto& [target, metadata] :
         {std::pair("/orders/7", "https://api.example.com/.well-known/oauth-protected-resource/orders"),
          std::pair("/me", "https://api.example.com/.well-known/oauth-protected-resource")}) {
        const auto request = answered("GET", target);
        BOOST_TEST(headOf(*request, "WWW-Authenticate") ==
                   R"(Bearer realm="changebank", resource_metadata=")" + std::string(metadata) + '"');
    }
}

BOOST_AUTO_TEST_CASE(theProxysCertificateOpensNothing) {
    const auto bound =
        sign(recipe().claim("cnf", R"({"x5t#S256":"A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"})"));
    class OfProxy : public ContextFakeRequest {
    public:
        using ContextFakeRequest::ContextFakeRequest;
        std::string_view clientCertificateThumbprint() const override {
            return "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";
        }
    };
    OfProxy request("GET", "/decision");
    request.add("X-Forwarded-Method", "GET");
    request.add("X-Forwarded-Host", "a");
    request.add("X-Forwarded-Uri", "/me");
    request.add("Authorization", "Bearer " + bound);
    request.handledBy(endpoint()->createRequestHandler(request));
    BOOST_TEST(request.denial == "certificate_missing");
}

BOOST_AUTO_TEST_CASE(anUnknownTokenIsVerifiedLaterAndAKnownOneAtOnce) {
    auto factory = endpoint();
    const auto request = asking("GET", "/me", bearer(token()));
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(factory->createRequestHandler(*request));
    BOOST_TEST(dynamic_cast<DeferredRequestHandler*>(handler.get()) != nullptr);
    BOOST_TEST(dynamic_cast<SuspendedRequestHandler*>(handler.get()) == nullptr);
    handler = resolved(std::move(handler), *request);
    BOOST_TEST(request->handledBy(std::move(handler)).getStatus() == 200);

    const auto again = asking("GET", "/me", {{"Authorization", request->get("Authorization")}});
    handler.reset(factory->createRequestHandler(*again));
    BOOST_TEST(dynamic_cast<DeferredRequestHandler*>(handler.get()) == nullptr);
    BOOST_TEST(again->handledBy(std::move(handler)).getStatus() == 200);
}

BOOST_AUTO_TEST_CASE(aRequestIsSuspendedWhileThereAreNoKeys) {
    for (const bool arrives : {true, false}) {
        const auto keys = std::make_shared<LaterKeys>();
        validating = validator(keys);
        const auto request = asking("GET", "/me", bearer(token()));
        std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(endpoint()->createRequestHandler(*request));
        auto* deferred = dynamic_cast<DeferredRequestHandler*>(handler.get());
        BOOST_TEST_REQUIRE(deferred != nullptr);
        handler = deferred->resolve(*request);
        auto* suspended = dynamic_cast<SuspendedRequestHandler*>(handler.get());
        BOOST_TEST_REQUIRE(suspended != nullptr);
        bool isResumed = false;
        BOOST_TEST_REQUIRE(suspended->suspend([&] { isResumed = true; }));
        BOOST_TEST(!isResumed);
        arrives ? keys->arrive(keySet()) : keys->fail();
        BOOST_TEST(isResumed);
        handler = suspended->resolve(*request);
        const auto& response = request->handledBy(std::move(handler));
        BOOST_TEST(response.getStatus() == (arrives ? 200 : 503));
        BOOST_TEST(response.get("Retry-After", "") == (arrives ? "" : "7"));
        BOOST_TEST(response.get("X-Auth-Subject", "none") == (arrives ? subjectOfRecipe : "none"));
    }
}

BOOST_AUTO_TEST_CASE(aRefusalThatIsRecordedMayWait) {
    const auto request = asking("POST", "/orders", bearer(token("[]")));
    auto handler = resolved(
        std::unique_ptr<Poco::Net::HTTPRequestHandler>(endpoint()->createRequestHandler(*request)), *request);
    const auto* blocking = dynamic_cast<BlockingRequestHandler*>(handler.get());
    BOOST_TEST_REQUIRE(blocking != nullptr);
    BOOST_TEST((blocking->capacity() == BlockingRequestHandler::Capacity::shared));
    BOOST_TEST(trail->text.empty());
    BOOST_TEST(request->handledBy(std::move(handler)).getStatus() == 403);
    BOOST_TEST(trail->text == "role_refused " + subjectOfRecipe + " POST\n");

    trail.reset();
    BOOST_TEST(decision("POST", "/orders", bearer(token("[]"))) == "403 role_missing");
}

// The request of a proxy is all that the decision may depend on: one factory serves all.
BOOST_AUTO_TEST_CASE(handlersOutliveTheirFactory) {
    const auto request = asking("GET", "/me", bearer(token()));
    auto factory = endpoint();
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(factory->createRequestHandler(*request));
    factory.reset();
    validating.reset();
    BOOST_TEST(request->handledBy(std::move(handler)).getStatus() == 200);
}

BOOST_AUTO_TEST_CASE(whoMayIsToldTheTraceToGoOnWith) {
    const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const auto traced = [&](const std::string& path, const std::string& place) {
        const auto request = asking("GET", path);
        request->parent = place;
        request->state = place.empty() ? "" : "a=1";
        request->handledBy(endpoint()->createRequestHandler(*request));
        return headOf(*request, "traceparent") + " " + headOf(*request, "tracestate");
    };
    BOOST_TEST(traced("/catalogue/coins", parent) == parent + " a=1");
    BOOST_TEST(traced("/catalogue/coins", "") == " ");
    BOOST_TEST(traced("/orders/7", parent) == " ", "nobody goes on with a request that is refused");
}

BOOST_AUTO_TEST_SUITE_END()
