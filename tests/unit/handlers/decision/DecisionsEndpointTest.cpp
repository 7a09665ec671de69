// The endpoint in front of decisions: conventions, what is no decision, and who is told.
#include <algorithm>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/handlers/decision/DecisionTrial.h"
#include "changebank/handlers/decision/Decisions.h"
#include "changebank/handlers/decision/IdentityTokens.h"
#include "tests/unit/handlers/decision/DecisionFixture.h"

using namespace changebank;
using namespace changebank::handlers;

namespace {

struct Fixture : DecisionFixture {
    Fixture() {
        options.rules = rules({"POST /orders/** roles=teller", "GET /open public"});
        options.decided = [this](unsigned rule, int status) {
            told += std::to_string(rule) + "=" + std::to_string(status) + " ";
        };
    }

    /// The answer to a request as it is.
    std::unique_ptr<ContextFakeRequest> sent(const std::string& method, const std::string& target,
                                             const Fields& fields = {}) const {
        auto request = std::make_unique<ContextFakeRequest>(method, target);
        for (const auto& [name, value] : fields)
            request->add(name, value);
        request->handledBy(endpoint()->createRequestHandler(*request));
        return request;
    }

    std::shared_ptr<const IdentityTokens> identityTokens() const {
        const auto signer = std::get<security::TokenSigner>(security::TokenSigner::fromPem(key.privatePem()));
        return std::make_shared<const IdentityTokens>(
            IdentityTokens::Options{.issuer = "https://gate.example.com",
                                    .audience = "orders",
                                    .keys = {std::make_shared<const security::TokenSigner>(signer)}});
    }

    static int statusOf(const std::unique_ptr<ContextFakeRequest>& request) {
        return request->sentResponse().getStatus();
    }

    std::string told;
};

const Fields ofOpen{
    {"X-Forwarded-Method", "GET"}, {"X-Forwarded-Host", "a.example"}, {"X-Forwarded-Uri", "/open"}};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DecisionsEndpointTest, Fixture)

BOOST_AUTO_TEST_CASE(theForwardedRequestIsAskedForByGetOrHead) {
    BOOST_TEST(statusOf(sent("GET", "/decision", ofOpen)) == 200);
    BOOST_TEST(statusOf(sent("HEAD", "/decision?x", ofOpen)) == 200);
    told.clear();
    // A 204 would be a permission for nginx.
    for (const char* method : {"POST", "OPTIONS", "PUT", "get"}) {
        const auto request = sent(method, "/decision", ofOpen);
        BOOST_TEST(statusOf(request) == 405, method);
        BOOST_TEST(request->sentResponse().get("Allow") == "GET, HEAD");
        BOOST_TEST(request->route == "/decision");
        BOOST_TEST(request->received.empty());
    }
    for (const char* target : {"/", "/open", "/decision/", "/decision/open", "/decisions", "/Decision"}) {
        const auto request = sent("GET", target, ofOpen);
        BOOST_TEST(statusOf(request) == 404, target);
        BOOST_TEST(request->route == "unmatched");
    }
    BOOST_TEST(told.empty(), "nothing was decided");
}

BOOST_AUTO_TEST_CASE(aRequestThatCannotBeReadIsRefused) {
    auto fields = ofOpen;
    fields.emplace_back("X_Forwarded_Uri", "/open");
    const auto request = sent("GET", "/decision", fields);
    BOOST_TEST(statusOf(request) == 400);
    BOOST_TEST(request->denial == "forwarded_request_invalid");
    BOOST_TEST(
        request->sentResponse().body() ==
        R"({"error":"X-Forwarded-Uri of the forwarded request is missing, repeated or malformed","code":"ERR_FORWARDED_REQUEST"})");
    BOOST_TEST(!request->sentResponse().has("WWW-Authenticate"));
    BOOST_TEST(request->sentResponse().get("Cache-Control") == "no-store");
    BOOST_TEST(request->route == "/decision");
    BOOST_TEST(request->received.empty());
    BOOST_TEST(told == "0=400 ");
}

BOOST_AUTO_TEST_CASE(theLogGetsNothingOfATargetButItsPath) {
    for (const auto& [target, logged] :
         {std::pair("/x?secret#secret", "GET /x"), std::pair("/x#access_token=secret", "GET /x"),
          std::pair("/x#a?b", "GET /x"), std::pair("http://user:secret@h/x#access_token=secret", "GET "),
          std::pair("user:secret@h/x", "GET "), std::pair("?secret", "GET "), std::pair("#secret", "GET "),
          std::pair("*", "GET ")}) {
        auto fields = ofOpen;
        fields.back().second = target;
        BOOST_TEST(sent("GET", "/decision", fields)->received == logged);
    }
}

BOOST_AUTO_TEST_CASE(theOriginalRequestIsItselfBehindThePrefix) {
    options.convention = RequestConvention::original;
    const auto good = token();
    const auto allowed = sent("POST", "/decision/orders/7?a=b", bearer(good));
    BOOST_TEST(statusOf(allowed) == 200);
    BOOST_TEST(allowed->received == "POST /orders/7");
    BOOST_TEST(allowed->route == "/orders/**");
    BOOST_TEST(allowed->sentResponse().get("X-Auth-Subject") == subjectOfRecipe);
    BOOST_TEST(statusOf(sent("GET", "/decision/open")) == 200);
    BOOST_TEST(statusOf(sent("OPTIONS", "/decision/open")) == 401);
    BOOST_TEST(statusOf(sent("GET", "/decision/orders", bearer(good))) == 403);
    for (const char* target : {"/decision", "/decision*", "/decision?x", "/decisions", "/decision//open",
                               "/decision/../open", "/decision/open#x"}) {
        const auto request = sent("GET", target);
        BOOST_TEST(statusOf(request) == 403, target);
        BOOST_TEST(request->denial == "path_ambiguous", target);
    }
    BOOST_TEST(statusOf(sent("GET", "/open")) == 404);
    BOOST_TEST(sent("get", "/decision/open")->denial == "forwarded_request_invalid");
}

BOOST_AUTO_TEST_CASE(fieldsOfTheOtherConventionChangeNothing) {
    options.convention = RequestConvention::original;
    BOOST_TEST(sent("POST", "/decision/orders", ofOpen)->denial == "missing_token");
    options.convention = RequestConvention::forwarded;
    BOOST_TEST(statusOf(sent("GET", "/decision/open")) == 404);
}

BOOST_AUTO_TEST_CASE(everyDecisionIsTold) {
    const auto good = token();
    answered("GET", "/open");
    answered("POST", "/orders", bearer(good));
    answered("POST", "/orders", bearer(token("[]")));
    answered("POST", "/orders");
    answered("GET", "/unknown", bearer(good));
    answered("GET", "/a//b");
    answered("GET", "/open", {{"X-Auth-Roles", "x"}});
    BOOST_TEST(told == "2=200 1=200 1=403 1=401 0=403 0=403 0=403 ");
    options.decided = nullptr;
    BOOST_TEST(statusOf(answered("GET", "/open")) == 200);
}

BOOST_AUTO_TEST_CASE(anIdentityTokenStandsForTheCaller) {
    options.tokens = identityTokens();
    const auto allowed = answered("POST", "/orders", bearer(token()));
    const auto& response = allowed->sentResponse();
    BOOST_TEST(response.getStatus() == 200);
    for (const char* name : {"X-Auth-Subject", "X-Auth-Issuer", "X-Auth-Roles", "X-Auth-Scopes"}) {
        BOOST_TEST_REQUIRE(response.has(name), name);
        BOOST_TEST(response.get(name).empty(), name);
    }
    const auto identity = response.get("X-Auth-Token");
    BOOST_TEST(std::count(identity.begin(), identity.end(), '.') == 2);
    const auto open = answered("GET", "/open", bearer(token()));
    BOOST_TEST(open->sentResponse().get("X-Auth-Token", "none").empty());

    auto factory = decisions();
    const auto tried = tryDecision(*factory, {"POST", "/orders", "a", token()});
    BOOST_TEST(tried.status == 200);
}

BOOST_AUTO_TEST_CASE(theKeysOfIdentityTokensAreServed) {
    options.tokens = identityTokens();
    for (const auto convention : {RequestConvention::forwarded, RequestConvention::original}) {
        options.convention = convention;
        const auto keys = sent("GET", "/.well-known/jwks.json");
        BOOST_TEST(statusOf(keys) == 200);
        BOOST_TEST(keys->sentResponse().body() == options.tokens->keySet());
        BOOST_TEST(keys->sentResponse().getContentType() == "application/jwk-set+json");
        BOOST_TEST(keys->sentResponse().has("ETag"));
        BOOST_TEST(keys->route == "/.well-known/jwks.json");
        BOOST_TEST(statusOf(sent("POST", "/.well-known/jwks.json")) == 405);
    }
    BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_CASE(withoutIdentityTokensThereAreNoKeys) {
    BOOST_TEST(statusOf(sent("GET", "/.well-known/jwks.json")) == 404);
}

BOOST_AUTO_TEST_CASE(theServersOwnResponsesHaveABody) {
    auto factory = endpoint();
    auto* responder = dynamic_cast<ErrorResponder*>(factory.get());
    BOOST_TEST_REQUIRE(responder != nullptr);
    FakeRequest request("", "");
    request.response().setStatus(Poco::Net::HTTPResponse::HTTP_BAD_REQUEST);
    responder->completeError(request, request.response());
    BOOST_TEST(request.sentResponse().body() == R"({"error":"The request is malformed"})");
}

BOOST_AUTO_TEST_CASE(aServerWithoutALogIsServedAsWell) {
    FakeRequest request("GET", "/decision");
    for (const auto& [name, value] : ofOpen)
        request.add(name, value);
    BOOST_TEST(request.handledBy(endpoint()->createRequestHandler(request)).getStatus() == 200);
}

BOOST_AUTO_TEST_SUITE_END()
