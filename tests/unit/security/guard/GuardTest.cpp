#include "changebank/security/guard/Guard.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <boost/test/unit_test.hpp>
#include <functional>

#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "tests/support/FakeSharedReplays.h"
#include "tests/support/ManualClock.h"
#include "tests/support/ProofRecipe.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TokenRecipe.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank;
using namespace changebank::security;
using namespace changebank::tests;
using changebank::handlers::ContextFakeRequest;
using changebank::handlers::FakeRequest;
using changebank::handlers::FakeResponse;
using changebank::handlers::RecordingTrail;

namespace {

constexpr long long now = 1'790'000'000;

/// Says what somebody's service would.
class SayingHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit SayingHandler(std::string text) : _text(std::move(text)) {}
    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        response.sendBuffer(_text.data(), _text.size());
    }

private:
    std::string _text;
};

class GreetingFactory : public PrincipalRequestHandlerFactory {
public:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest&, std::shared_ptr<const Principal> principal) override {
        return std::make_unique<SayingHandler>("hello " + (principal ? principal->subject : "stranger"));
    }
};

/// A factory that was there before the guard.
class OldFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request) override {
        return request.getURI() == "/old" ? new SayingHandler("as ever") : nullptr;
    }
};

std::string keyDocument() {
    return keySetOf({TestKey::shared(KeyFamily::rsa).jwk(R"("kid":"k1")")});
}

TokenPolicy policy() {
    return {.issuer = TokenRecipe::issuer, .audiences = {TokenRecipe::audience}};
}

struct Fixture {
    /// Without a key server.
    GuardOptions options() {
        const auto keys = std::get<std::shared_ptr<const JwkSet>>(JwkSet::parse(keyDocument()));
        return {.keys = std::make_shared<FixedKeySource>(keys), .clock = clock};
    }

    static std::string token(const std::string& claim = "scope", const std::string& json = "\"openid\"") {
        return TokenRecipe(now).claim(claim, json).signedBy(TestKey::shared(KeyFamily::rsa));
    }

    /// A guard that accepts bound tokens.
    static TokenPolicy dpopPolicy() {
        auto bound = policy();
        bound.dpop = DpopUse::allow;
        return bound;
    }

    GuardOptions dpopOptions() {
        auto dpop = options();
        dpop.origin = "https://api.example.com";
        return dpop;
    }

    static std::string boundToken() {
        const auto thumbprint = ProofRecipe::thumbprintOf(TestKey::shared(KeyFamily::p256));
        return token("cnf", R"({"jkt":")" + thumbprint + R"("})");
    }

    /// Gives a request a bound token and a proof of that id.
    static void prove(FakeRequest& request, const std::string& scheme, const std::string& accessToken,
                      const std::string& id) {
        request.set("Authorization", scheme + " " + accessToken);
        request.set("DPoP", ProofRecipe(now).claim("jti", quoteJson(id)).forToken(accessToken).text());
    }

    /// The status and the body of the response to a path.
    static std::string ask(Poco::Net::HTTPRequestHandlerFactory::Ptr guarded, const std::string& target,
                           const std::string& token = "") {
        FakeRequest request("GET", target);
        if (!token.empty()) request.set("Authorization", "Bearer " + token);
        const auto& response = request.handledBy(guarded->createRequestHandler(request));
        return std::to_string(response.getStatus()) + " " + response.body();
    }

    static std::string statusOf(const Poco::Net::HTTPRequestHandlerFactory::Ptr& guarded,
                                const std::string& target, const std::string& token = "") {
        return ask(guarded, target, token).substr(0, 3);
    }

    ManualClock clock;
    std::shared_ptr<GreetingFactory> factory = std::make_shared<GreetingFactory>();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(GuardTest, Fixture)

BOOST_AUTO_TEST_CASE(aRuleGuardsAWholeService) {
    const Guard guard(policy(), options());
    auto tellers = guard.protect(anyRole({"teller"}), factory);
    BOOST_TEST(ask(tellers, "/any", token()).starts_with("200 hello "));
    BOOST_TEST(ask(tellers, "/any") == R"(401 {"error":"Missing token cookie and Authorization header"})");
    BOOST_TEST(statusOf(tellers, "/any", token("exp", "1")) == "401");
    BOOST_TEST(statusOf(guard.protect(anyRole({"clerk"}), factory), "/any", token()) == "403");
    BOOST_TEST(statusOf(guard.protect(anyPrincipal(), factory), "/any", token()) == "200");
}

// RFC 9449, with the shortest guard.
BOOST_AUTO_TEST_CASE(aGuardChecksProofs) {
    const Guard guard(dpopPolicy(), dpopOptions());
    auto tellers = guard.protect(anyRole({"teller"}), factory);
    const auto accessToken = boundToken();
    const auto statusWith = [&](const std::string& scheme, const std::string& id) {
        FakeRequest request("GET", "/things");
        prove(request, scheme, accessToken, id);
        const auto& response = request.handledBy(tellers->createRequestHandler(request));
        return std::to_string(response.getStatus()) + " " + response.get("WWW-Authenticate", "");
    };
    const std::string bearer = R"(Bearer realm="changebank")";
    const std::string algorithms = R"(DPoP realm="changebank", algs="RS256 PS256 ES256 ES384 Ed25519")";
    BOOST_TEST(statusWith("DPoP", "a") == "200 ");
    BOOST_TEST(statusWith("DPoP", "a") ==
               "401 " + bearer + ", " + algorithms + R"(, error="invalid_dpop_proof")");
    BOOST_TEST(statusWith("dpop", "b") == "200 ");
    BOOST_TEST(statusWith("Bearer", "c") == "401 " + bearer + R"(, error="invalid_token", )" + algorithms);
    BOOST_TEST(statusOf(tellers, "/things", token()) == "200");
    // Without HTTP nobody knows who has the token.
    BOOST_TEST(std::holds_alternative<Refusal>(guard.validate(accessToken)));
    BOOST_TEST(std::holds_alternative<std::shared_ptr<const Principal>>(guard.validate(token())));
}

// So that a flood of strangers' tokens does not hold up a proof for a token in use.
BOOST_AUTO_TEST_CASE(aProofForAKnownTokenIsPreferred) {
    const Guard guard(dpopPolicy(), dpopOptions());
    auto all = guard.protect(anyPrincipal(), factory);
    const auto accessToken = boundToken();
    const auto isPreferred = [&](const std::string& id) {
        FakeRequest request("GET", "/things");
        prove(request, "DPoP", accessToken, id);
        std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(all->createRequestHandler(request));
        const auto* deferred = dynamic_cast<const DeferredRequestHandler*>(handler.get());
        const bool result = deferred != nullptr && deferred->isPreferred();
        BOOST_TEST(deferred != nullptr);
        BOOST_TEST(request.handledBy(std::move(handler)).getStatus() == 200);
        return result;
    };
    BOOST_TEST(!isPreferred("a"));
    BOOST_TEST(isPreferred("b"));
}

/// Two guards of replicas that share the uses of proofs.
struct SharingFixture : Fixture {
    /// The handler that waits for the store, of one replica.
    std::unique_ptr<Poco::Net::HTTPRequestHandler> waiting(const Guard& replica, FakeRequest& request,
                                                           const std::string& id) {
        prove(request, "DPoP", accessToken, id);
        auto guarded = replica.protect(anyPrincipal(), factory);
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> first(guarded->createRequestHandler(request));
        return dynamic_cast<DeferredRequestHandler&>(*first).resolve(request);
    }

    /// The status and the body once the store has answered; 0 for one that does not wait.
    std::string answerOf(const Guard& replica, const std::string& id) {
        FakeRequest request("GET", "/things");
        const auto handler = waiting(replica, request, id);
        auto* suspended = dynamic_cast<SuspendedRequestHandler*>(handler.get());
        if (!suspended) return "0";
        bool isResumed = false;
        const bool waits = suspended->suspend([&] { isResumed = true; });
        BOOST_TEST(waits == !store->isDown);
        store->answer();
        BOOST_TEST(isResumed == waits);
        const auto& response = request.handledBy(suspended->resolve(request));
        return std::to_string(response.getStatus()) + " " + response.body();
    }

    GuardOptions sharing(bool passesWhenUnavailable = false) {
        auto shared = dpopOptions();
        shared.replaySharing = {store, passesWhenUnavailable};
        return shared;
    }

    std::shared_ptr<FakeSharedReplays> store = std::make_shared<FakeSharedReplays>();
    std::string accessToken = boundToken();
    Guard one{dpopPolicy(), sharing()};
    Guard other{dpopPolicy(), sharing()};
};

BOOST_FIXTURE_TEST_CASE(aProofIsGoodAtOneReplica, SharingFixture) {
    const std::string replayed =
        R"(401 {"error":"the DPoP proof was used before","code":"ERR_DPOP_REPLAYED"})";
    BOOST_TEST(answerOf(one, "a").starts_with("200 hello "));
    BOOST_TEST(answerOf(other, "a") == replayed);
    BOOST_TEST(answerOf(other, "b").starts_with("200 hello "));
    BOOST_TEST(answerOf(one, "b") == replayed);
    // What is known at the same one needs no look-up.
    const auto asked = store->uses.size();
    FakeRequest request("GET", "/things");
    const auto handler = waiting(one, request, "a");
    BOOST_TEST(dynamic_cast<SuspendedRequestHandler*>(handler.get()) == nullptr);
    BOOST_TEST(store->uses.size() == asked);
}

BOOST_FIXTURE_TEST_CASE(aWaitForTheStoreHasAnEnd, SharingFixture) {
    FakeRequest request("GET", "/things");
    const auto handler = waiting(one, request, "a");
    auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
    BOOST_TEST(suspended.isPreferred());
    BOOST_TEST(suspended.suspend([] {}));
    BOOST_TEST((suspended.maxWait() == std::chrono::milliseconds(1234)));
    const auto& response = request.handledBy(suspended.resolve(request));
    BOOST_TEST(response.getStatus() == 503);
    BOOST_TEST(response.get("Retry-After") == "1");
    BOOST_TEST(!response.has("WWW-Authenticate"));
    BOOST_TEST(response.body() ==
               R"({"error":"replays of DPoP proofs cannot be detected","code":"ERR_DPOP_UNAVAILABLE"})");
}

BOOST_FIXTURE_TEST_CASE(withoutTheStoreTheOperatorDecides, SharingFixture) {
    const Guard open(dpopPolicy(), sharing(true));
    store->isDown = true;
    BOOST_TEST(answerOf(one, "a").substr(0, 3) == "503");
    BOOST_TEST(answerOf(open, "a").substr(0, 3) == "200");
    // The replica knows its own.
    FakeRequest request("GET", "/things");
    BOOST_TEST(request.handledBy(waiting(open, request, "a")).getStatus() == 401);
}

/// A guard that asks a list of revocations, and what becomes of a token that is good until a handler of the
/// guard is resolved.
struct LateFixture : SharingFixture {
    LateFixture() {
        auto shared = sharing();
        shared.revocations = revocations;
        revoking = std::make_unique<Guard>(dpopPolicy(), std::move(shared));
    }

    /// Of a request whose proof waits for the store while `meanwhile` happens.
    std::string whenTheStoreIsSlow(const std::function<void()>& meanwhile) {
        FakeRequest request("GET", "/things");
        const auto handler = waiting(*revoking, request, "a");
        auto& suspended = dynamic_cast<SuspendedRequestHandler&>(*handler);
        BOOST_TEST(suspended.suspend([] {}));
        meanwhile();
        store->answer();
        return answerTo(request, suspended);
    }

    /// Of a request with a known token whose proof waits for its turn.
    std::string whenItsTurnIsLate(const std::function<void()>& meanwhile) {
        BOOST_TEST(std::holds_alternative<Refusal>(revoking->validate(accessToken)));
        FakeRequest request("GET", "/things");
        prove(request, "DPoP", accessToken, "b");
        auto guarded = revoking->protect(anyPrincipal(), factory);
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> first(guarded->createRequestHandler(request));
        auto& deferred = dynamic_cast<DeferredRequestHandler&>(*first);
        BOOST_TEST(deferred.isPreferred());
        meanwhile();
        const auto uses = store->uses.size();
        auto handler = deferred.resolve(request);
        if (auto* suspended = dynamic_cast<SuspendedRequestHandler*>(handler.get())) {
            BOOST_TEST(suspended->suspend([] {}));
            store->answer();
            handler = suspended->resolve(request);
        } else {
            BOOST_TEST(store->uses.size() == uses);
        }
        return textOf(request.handledBy(std::move(handler)));
    }

    static std::string answerTo(FakeRequest& request, DeferredRequestHandler& handler) {
        return textOf(request.handledBy(handler.resolve(request)));
    }

    static std::string textOf(const FakeResponse& response) {
        return std::to_string(response.getStatus()) + " " + response.body();
    }

    void revoke() { revocations->add({.user = "00000000-0000-0000-0000-000000000001", .issuedUpTo = now}); }

    const std::string revoked = R"(401 {"error":"the token has been revoked","code":"ERR_JWT_REVOKED"})";
    const std::string expired =
        R"(401 {"error":"\"exp\" claim timestamp check failed","code":"ERR_JWT_EXPIRED"})";
    std::shared_ptr<RevocationList> revocations =
        std::make_shared<RevocationList>(RevocationList::Limits(), clock);
    std::unique_ptr<Guard> revoking;
};

BOOST_FIXTURE_TEST_CASE(aTokenThatIsRevokedDuringTheWaitForTheStoreIsRefused, LateFixture) {
    BOOST_TEST(whenTheStoreIsSlow([this] { revoke(); }) == revoked);
}

BOOST_FIXTURE_TEST_CASE(aTokenThatExpiresDuringTheWaitForTheStoreIsRefused, LateFixture) {
    BOOST_TEST(whenTheStoreIsSlow([this] { clock.advance(std::chrono::hours(1)); }) == expired);
}

BOOST_FIXTURE_TEST_CASE(withoutKnowledgeOfRevocationsAfterTheWaitNobodyPasses, LateFixture) {
    BOOST_TEST(whenTheStoreIsSlow([this] { revocations->setAvailable(false); }).starts_with("503 "));
}

BOOST_FIXTURE_TEST_CASE(aTokenThatStaysGoodDuringTheWaitForTheStorePasses, LateFixture) {
    BOOST_TEST(whenTheStoreIsSlow([] {}).starts_with("200 hello "));
    BOOST_TEST(whenItsTurnIsLate([] {}).starts_with("200 hello "));
}

BOOST_FIXTURE_TEST_CASE(aKnownTokenThatIsRevokedBeforeItsProofIsVerifiedIsRefused, LateFixture) {
    BOOST_TEST(whenItsTurnIsLate([this] { revoke(); }) == revoked);
}

BOOST_FIXTURE_TEST_CASE(aKnownTokenThatExpiresBeforeItsProofIsVerifiedIsRefused, LateFixture) {
    BOOST_TEST(whenItsTurnIsLate([this] { clock.advance(std::chrono::hours(1)); }) == expired);
}

BOOST_FIXTURE_TEST_CASE(aClientThatLeavesGivesItsPlaceUp, SharingFixture) {
    bool isResumed = false;
    {
        FakeRequest request("GET", "/things");
        const auto handler = waiting(one, request, "a");
        BOOST_TEST(dynamic_cast<SuspendedRequestHandler&>(*handler).suspend([&] { isResumed = true; }));
        BOOST_TEST(store->waiting() == 1U);
    }
    BOOST_TEST(store->waiting() == 0U);
    store->answer();
    BOOST_TEST(!isResumed);
}

// A server that knows nothing of suspended requests waits on the connection's thread.
BOOST_FIXTURE_TEST_CASE(pocosServerWaitsForTheStore, SharingFixture) {
    for (const int expected : {200, 401}) {
        const Guard replica(dpopPolicy(), sharing());
        FakeRequest request("GET", "/things");
        prove(request, "DPoP", accessToken, "a");
        auto guarded = replica.protect(anyPrincipal(), factory);
        store->answersAtOnce = true;
        BOOST_TEST(request.handledBy(guarded->createRequestHandler(request)).getStatus() == expected);
    }
}

BOOST_AUTO_TEST_CASE(aGuardThatChecksProofsKnowsWhereItIs) {
    auto bound = policy();
    bound.dpop = DpopUse::require;
    BOOST_CHECK_THROW(Guard(bound, options()), Poco::InvalidArgumentException);
    auto dpop = options();
    dpop.origin = "not a URL";
    BOOST_CHECK_THROW(Guard(bound, std::move(dpop)), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(aGuardWithoutProofsRefusesBoundTokens) {
    const Guard guard(policy(), options());
    auto all = guard.protect(anyPrincipal(), factory);
    const std::string digest = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    BOOST_TEST(statusOf(all, "/any", token("cnf", R"({"jkt":")" + digest + R"("})")) == "401");
    BOOST_TEST(statusOf(all, "/any", token("cnf", R"({"x5t#S256":")" + digest + R"("})")) == "401");
}

BOOST_AUTO_TEST_CASE(aFactoryOfPocosStaysAsItIs) {
    const Guard guard(policy(), options());
    auto guarded = guard.protect(anyRole({"teller"}), new OldFactory);
    BOOST_TEST(ask(guarded, "/old", token()) == "200 as ever");
    BOOST_TEST(statusOf(guarded, "/old") == "401");
    BOOST_TEST(ask(guarded, "/other", token()) == R"(404 {"error":"Not found"})");
    auto paths = guard.protect({{"/old", everybody()}}, new OldFactory);
    BOOST_TEST(ask(paths, "/old") == "200 as ever");
}

BOOST_AUTO_TEST_CASE(pathsHaveNeedsOfTheirOwn) {
    const Guard guard(policy(), options());
    auto shop = guard.protect({{"/orders", allScopes({"orders:read"})},
                               {"/orders/all", anyRole({"clerk"})},
                               {"/health", everybody()}},
                              factory);
    const auto reader = token("scope", "\"openid orders:read\"");
    BOOST_TEST(ask(shop, "/health") == "200 hello stranger");
    BOOST_TEST(ask(shop, "/Health/x?y") == "200 hello stranger");
    for (const std::string path : {"/orders", "/orders/", "/ORDERS/7", "/orders?x=/health", "/orders/all7"}) {
        BOOST_TEST(statusOf(shop, path, reader) == "200", path);
        BOOST_TEST(statusOf(shop, path, token()) == "403", path);
        BOOST_TEST(statusOf(shop, path) == "401", path);
    }
    BOOST_TEST(statusOf(shop, "/orders/all", reader) == "403");
    BOOST_TEST(statusOf(shop, "/orders/all/7", reader) == "403");
    // What no rule is for is there for nobody.
    for (const std::string path : {"/", "/order", "/ordersx", "/healthy", "/x"}) {
        BOOST_TEST(statusOf(shop, path) == "401", path);
        BOOST_TEST(ask(shop, path, reader) == R"(404 {"error":"Not found"})", path);
    }
}

BOOST_AUTO_TEST_CASE(aPathThatServersReadDifferentlyHasNoRule) {
    const Guard guard(policy(), options());
    auto open = guard.protect({{"/", everybody()}, {"/orders", anyRole({"clerk"})}}, factory);
    for (const std::string path :
         {"/x", "/", "/a%20b", "/caf%C3%A9", "/a+b:c", "/.well-known/x", "/..a/b.", "/x?a=..//%2e"})
        BOOST_TEST(statusOf(open, path) == "200", path);
    for (const std::string path : {"//orders",
                                   "/./orders",
                                   "/x/../orders",
                                   "/x/..",
                                   "/%6frders",
                                   "/x/%2e%2e/orders",
                                   "/x%2Forders",
                                   "/x%5corders",
                                   "/x\\orders",
                                   "/orders;x",
                                   "/x;/../orders",
                                   "/x%3b",
                                   "/x%00",
                                   "/x%",
                                   "/x%2",
                                   "/x%zz",
                                   "/x%252e",
                                   "/caf\xC3\xA9",
                                   "orders",
                                   "*",
                                   "",
                                   "http://host/orders",
                                   "/a b",
                                   "/a\tb"}) {
        BOOST_TEST(statusOf(open, path) == "401", path);
        BOOST_TEST(statusOf(open, path, token()) == "404", path);
    }
}

BOOST_AUTO_TEST_CASE(rulesForImpossiblePathsAreRejected) {
    const Guard guard(policy(), options());
    for (const std::string path :
         {"", "orders", "/a//b", "/a/../b", "/a%20b", "/a b", "/a?b", "/a;b", "/a:b", "/\xC3\xA9"}) {
        BOOST_CHECK_THROW(guard.protect({{path, anyPrincipal()}}, factory), Poco::InvalidArgumentException);
    }
    BOOST_CHECK_THROW(
        guard.protect({{"/a", anyPrincipal()}, {"/b", everybody()}, {"/A/", everybody()}}, factory),
        Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(thePathOfTheRuleIsNotedForTheAccessLog) {
    const Guard guard(policy(), options());
    auto shop = guard.protect({{"/", everybody()}, {"/orders", anyPrincipal()}}, factory);
    for (const auto& [target, route] :
         {std::pair("/orders/7", "/orders"), std::pair("/x", "/"), std::pair("//", "")}) {
        const ContextFakeRequest request("GET", target);
        delete shop->createRequestHandler(request);
        BOOST_TEST(request.route == route);
    }
}

BOOST_AUTO_TEST_CASE(challengesNameTheScopesAndTheRealm) {
    auto own = options();
    own.reporter = std::make_shared<RefusalReporter>(ErrorDetail::minimal, nullptr, "a shop");
    const Guard guard(policy(), std::move(own));
    auto guarded = guard.protect(allScopes({"a", "b"}).maxAge(std::chrono::minutes(5)), factory);
    FakeRequest request("GET", "/");
    BOOST_TEST(request.handledBy(guarded->createRequestHandler(request)).get("WWW-Authenticate") ==
               R"(Bearer realm="a shop", scope="a b")");
    FakeRequest stale("GET", "/");
    stale.set("Authorization", "Bearer " + token("scope", "\"a b\""));
    BOOST_TEST(
        stale.handledBy(guarded->createRequestHandler(stale)).get("WWW-Authenticate") ==
        R"(Bearer realm="a shop", error="insufficient_user_authentication", scope="a b", max_age="300")");
}

BOOST_AUTO_TEST_CASE(cookieTrailAndOriginsCanBeReplaced) {
    auto own = options();
    const auto trail = std::make_shared<RecordingTrail>();
    own.cookie = "shop";
    own.audit = trail;
    own.origins = AllowedOrigins({"https://app.example"});
    const Guard guard(policy(), std::move(own));
    auto guarded = guard.protect(anyRole({"clerk"}), factory);
    for (const auto& [cookie, origin, status] : {std::tuple("shop=", "https://app.example", 403),
                                                 std::tuple("app.at=", "https://app.example", 401)}) {
        FakeRequest request("POST", "/");
        request.set("Cookie", cookie + token());
        request.set("Origin", origin);
        const auto& response = request.handledBy(guarded->createRequestHandler(request));
        BOOST_TEST(response.getStatus() == status);
    }
    BOOST_TEST(trail->text.starts_with("role_refused "));
}

BOOST_AUTO_TEST_CASE(clientsAndSubjectsCanBeLimited) {
    auto limited = options();
    limited.limits = {.client = {1, 3}, .subject = {1, 1}};
    const Guard guard(policy(), std::move(limited));
    auto guarded = guard.protect({{"/", anyPrincipal()}, {"/health", everybody()}}, factory);
    BOOST_TEST(statusOf(guarded, "/", token()) == "200");
    FakeRequest again("GET", "/");
    again.set("Authorization", "Bearer " + token("jti", "\"another token\""));
    std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(guarded->createRequestHandler(again));
    if (auto* deferred = dynamic_cast<DeferredRequestHandler*>(handler.get()))
        handler = deferred->resolve(again);
    const auto& response = again.handledBy(std::move(handler));
    BOOST_TEST(response.getStatus() == 429);
    BOOST_TEST(response.body().find("ERR_SUBJECT_RATE") != std::string::npos);
    BOOST_TEST(statusOf(guarded, "/", "") == "401");
    BOOST_TEST(statusOf(guarded, "/", "") == "429");
    BOOST_TEST(statusOf(guarded, "/", token()) == "429");
    BOOST_TEST(statusOf(guarded, "/health", "") == "200");
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(statusOf(guarded, "/", token()) == "200");
    BOOST_TEST(guard.limits()->status().size() == 2U);
    BOOST_TEST(!Guard(policy(), options()).limits());
}

BOOST_AUTO_TEST_CASE(beyondTheLimitOfBadTokensOnlyKnownTokensPass) {
    auto limited = options();
    limited.limits = {.refused = {1, 3}};
    const Guard guard(policy(), std::move(limited));
    auto guarded = guard.protect(anyPrincipal(), factory);
    BOOST_TEST(statusOf(guarded, "/", token()) == "200");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(statusOf(guarded, "/", token() + "AA") == "401");
    BOOST_TEST(statusOf(guarded, "/", token() + "AA") == "429");
    // A good one that is not known is not verified either.
    BOOST_TEST(statusOf(guarded, "/", token("jti", "\"another token\"")) == "429");
    BOOST_TEST(statusOf(guarded, "/", token()) == "200");
    BOOST_TEST(statusOf(guarded, "/", "") == "401");
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(statusOf(guarded, "/", token("jti", "\"another token\"")) == "200");
    BOOST_TEST(statusOf(guarded, "/", token() + "AA") == "401");
    BOOST_TEST(statusOf(guarded, "/", token() + "AA") == "429");
}

BOOST_AUTO_TEST_CASE(tokensThatWaitToBeVerifiedAreCountedWhenTheyAre) {
    auto limited = options();
    limited.limits = {.refused = {1, 2}};
    const Guard guard(policy(), std::move(limited));
    auto guarded = guard.protect(anyPrincipal(), factory);
    std::vector<int> statuses;
    std::vector<std::unique_ptr<FakeRequest>> requests;
    std::vector<std::unique_ptr<Poco::Net::HTTPRequestHandler>> handlers;
    for (int i = 0; i < 4; ++i) {
        requests.push_back(std::make_unique<FakeRequest>("GET", "/"));
        requests.back()->set("Authorization", "Bearer " + token() + "AA");
        handlers.emplace_back(guarded->createRequestHandler(*requests.back()));
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
        auto* deferred = dynamic_cast<DeferredRequestHandler*>(handlers[i].get());
        BOOST_REQUIRE(deferred);
        statuses.push_back(requests[i]->handledBy(deferred->resolve(*requests[i])).getStatus());
    }
    BOOST_TEST((statuses == std::vector<int>{401, 401, 429, 429}));
}

BOOST_AUTO_TEST_CASE(aTokenIsJudgedWithoutHttp) {
    Guard guard(policy(), options());
    auto verdict = guard.validate(token());
    BOOST_REQUIRE(std::holds_alternative<std::shared_ptr<const Principal>>(verdict));
    BOOST_TEST(
        (std::get<std::shared_ptr<const Principal>>(verdict)->roles == std::vector<std::string>{"teller"}));
    verdict = guard.validate("abc");
    BOOST_TEST((std::get<Refusal>(verdict).cause == Cause::notCompact));
}

BOOST_AUTO_TEST_CASE(keysAreFetchedFromTheIssuer) {
    ScriptedKeyServer server(ScriptedKeyServer::document(keyDocument()));
    const auto issuer = "http://127.0.0.1:" + std::to_string(server.port());
    const auto accepts = [&](const Guard& guard, const std::string& of) {
        const auto own = TokenRecipe(std::time(nullptr))
                             .claim("iss", '"' + of + '"')
                             .signedBy(TestKey::shared(KeyFamily::rsa));
        return std::holds_alternative<std::shared_ptr<const Principal>>(guard.validate(own));
    };
    for (const auto& of : {issuer, issuer + "/"}) {
        const Guard guard({.issuer = of, .audiences = {TokenRecipe::audience}});
        BOOST_TEST(accepts(guard, of));
        BOOST_TEST(server.lastRequestHead().starts_with("GET /.well-known/jwks.json "));
        BOOST_TEST(guard.remoteKeys()->status().generation == 1U);
    }
    const Guard elsewhere({.issuer = "acme.com", .audiences = {TokenRecipe::audience}},
                          {.keysUri = issuer + "/keys"});
    BOOST_TEST(accepts(elsewhere, "acme.com"));
    BOOST_TEST(server.lastRequestHead().starts_with("GET /keys "));
    BOOST_TEST(!Guard(policy(), options()).remoteKeys());
}

BOOST_AUTO_TEST_CASE(aFactoryOutlivesItsGuard) {
    auto guard = std::make_unique<Guard>(policy(), options());
    auto guarded = guard->protect(anyRole({"teller"}), factory);
    guard.reset();
    BOOST_TEST(statusOf(guarded, "/", token()) == "200");
}

BOOST_AUTO_TEST_CASE(aGuardThatCannotWorkIsRejectedAtOnce) {
    BOOST_CHECK_THROW(Guard({.issuer = "", .audiences = {"a"}}, options()), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(Guard({.issuer = "https://id.example", .audiences = {}}, options()),
                      Poco::InvalidArgumentException);
    for (const std::string issuer : {"acme.com", "http://id.example", "ftp://id.example"})
        BOOST_CHECK_THROW(Guard({.issuer = issuer, .audiences = {"a"}}), Poco::Exception);
}

BOOST_AUTO_TEST_SUITE_END()
