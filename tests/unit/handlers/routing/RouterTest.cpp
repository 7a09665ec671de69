#include "changebank/handlers/routing/Router.h"

#include <Poco/Exception.h>

#include <boost/test/unit_test.hpp>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/handlers/routing/ResponseHandler.h"
#include "tests/support/ManualClock.h"
#include "tests/unit/handlers/FakeExchange.h"
#include "tests/unit/handlers/RecordingTrail.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPRequestHandlerFactory;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

Route::Maker sayingWho() {
    return [](const auto&, const std::shared_ptr<const Principal>& principal) {
        return std::make_unique<ResponseHandler>(
            Response::json(HTTPResponse::HTTP_OK, principal ? principal->subject : "open"));
    };
}

const std::vector<Route>& routes() {
    static const std::vector<Route> all{
        {"/", {"GET"}, Everybody{}, sayingWho()},
        {"/open", {"GET"}, Everybody{}, sayingWho()},
        {"/vault", {"POST"}, anyRole({"teller", "manager"}), sayingWho()},
        {"/me", {"GET"}, AnyPrincipal{}, sayingWho()},
        {"/nobody", {"GET"}, anyRole({}), sayingWho()},
    };
    return all;
}

/// Lets a fixed principal through, or nobody.
class FixedGuard : public HTTPRequestHandlerFactory {
public:
    FixedGuard(std::shared_ptr<const Principal> principal, PrincipalRequestHandlerFactory::Ptr next)
        : _principal(std::move(principal)), _next(std::move(next)) {}

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        if (_principal) return _next->createRequestHandler(request, _principal).release();
        return new ResponseHandler(Response::json(HTTPResponse::HTTP_UNAUTHORIZED, "guard"));
    }

private:
    std::shared_ptr<const Principal> _principal;
    PrincipalRequestHandlerFactory::Ptr _next;
};

/// A router whose guard knows one principal, or nobody.
Router routerFor(const std::shared_ptr<const Principal>& principal, const AuditTrail::Ptr& trail = nullptr) {
    const auto guard = [principal](PrincipalRequestHandlerFactory::Ptr next, const Challenge::Ptr&) {
        return HTTPRequestHandlerFactory::Ptr(new FixedGuard(principal, std::move(next)));
    };
    const auto reporter =
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>());
    return {routes(), {guard, reporter, trail}};
}

std::shared_ptr<const Principal> principalWith(const std::string& role) {
    Principal principal;
    principal.subject = "somebody";
    principal.roles = {role};
    return std::make_shared<const Principal>(principal);
}

/// A request of a caller with one role, after it was answered.
class Exchange {
public:
    Exchange(const std::string& method, const std::string& target, const std::string& role)
        : _request(method, target) {
        auto router = routerFor(principalWith(role), _trail);
        _request.handledBy(router.createRequestHandler(_request));
    }

    int status() const { return _request.sentResponse().getStatus(); }
    std::string header(const std::string& name) const { return _request.sentResponse().get(name, ""); }
    std::string body() const { return _request.sentResponse().body(); }
    const std::string& trail() const { return _trail->text; }

private:
    FakeRequest _request;
    std::shared_ptr<RecordingTrail> _trail = std::make_shared<RecordingTrail>();
};

/// The response to a caller without a token.
std::string responseTo(const std::string& method, const std::string& target) {
    FakeRequest request(method, target);
    auto router = routerFor(nullptr);
    const auto& response = request.handledBy(router.createRequestHandler(request));
    return std::to_string(response.getStatus()) + " " + response.body();
}

std::string routeOf(const std::string& target) {
    ContextFakeRequest request("GET", target);
    auto router = routerFor(nullptr);
    request.handledBy(router.createRequestHandler(request));
    return request.route;
}

Route at(const std::string& path) {
    return {path, {"GET"}, Everybody{}, sayingWho()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RouterTest)

BOOST_AUTO_TEST_CASE(aPublicRouteNeedsNoGuard) {
    BOOST_TEST(responseTo("GET", "/open") == "200 open");
    BOOST_TEST(responseTo("GET", "/") == "200 open");
    BOOST_TEST(responseTo("HEAD", "/OPEN/?x") == "200 open");
    BOOST_TEST(responseTo("GET", "http://host/open") == "200 open");
    BOOST_TEST(responseTo("POST", "/open") == R"(405 {"error":"Method not allowed"})");
    BOOST_TEST(responseTo("OPTIONS", "/open") == "204 ");
}

/// Which threads the handler of a route runs on.
std::string threadsOf(const HTTPRequestHandler& handler) {
    const auto* blocking = dynamic_cast<const BlockingRequestHandler*>(&handler);
    if (blocking == nullptr) return "event loop";
    return blocking->capacity() == Waits::shared ? "shared" : "reserved";
}

BOOST_AUTO_TEST_CASE(aRouteSaysThatItsHandlersMayWait) {
    for (const auto& [waits, threads] :
         {std::pair{std::optional<Waits>(), "event loop"}, std::pair{std::optional(Waits::shared), "shared"},
          std::pair{std::optional(Waits::reserved), "reserved"}}) {
        const auto guard = [](PrincipalRequestHandlerFactory::Ptr next, const Challenge::Ptr&) {
            return HTTPRequestHandlerFactory::Ptr(new FixedGuard(principalWith("teller"), std::move(next)));
        };
        Router router({{"/open", {"GET"}, Everybody{}, sayingWho(), waits},
                       {"/vault", {"GET"}, anyRole({"teller"}), sayingWho(), waits}},
                      {guard, std::make_shared<RefusalReporter>(ErrorDetail::detailed, nullptr), nullptr});
        for (const auto& [path, body] : {std::pair{"/open", "open"}, std::pair{"/vault", "somebody"}}) {
            FakeRequest request("GET", path);
            std::unique_ptr<HTTPRequestHandler> handler(router.createRequestHandler(request));
            BOOST_TEST(threadsOf(*handler) == threads);
            BOOST_TEST(request.handledBy(std::move(handler)).body() == body);
            // A response that the maker does not make needs no thread.
            FakeRequest wrong("PUT", path);
            handler.reset(router.createRequestHandler(wrong));
            BOOST_TEST(threadsOf(*handler) == "event loop");
        }
    }
}

BOOST_AUTO_TEST_CASE(everythingElseGoesToTheGuard) {
    for (const std::string target :
         {"/vault",  "/VAULT/", "/nobody",  "/me",  "/unknown", "//open",         "/%6fpen",
          "/open;x", "/open//", "*",        "",     "//",       "/vault/../open", "\\open",
          "/ope",    "/open/x", "/open%2f", "open", "/open%00", "unmatched"}) {
        for (const std::string method : {"GET", "POST", "OPTIONS", "HEAD", "BREW"})
            BOOST_TEST(responseTo(method, target) == "401 guard", method << " " << target << " got through");
    }
}

BOOST_AUTO_TEST_CASE(aPathBeyondTheLongestRouteHasNone) {
    const std::string longest = "/" + std::string(127, 'a');
    Router router({at(longest)});
    for (const auto& [path, status] : {std::pair{longest, 200}, std::pair{longest + "/", 200},
                                       std::pair{longest + "a", 404}, std::pair{longest + "//", 404}}) {
        FakeRequest request("GET", path);
        BOOST_TEST(request.handledBy(router.createRequestHandler(request)).getStatus() == status);
    }
    BOOST_CHECK_THROW(Router({at(longest + "a")}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(theRouteIsNotedAndNeverThePath) {
    BOOST_TEST(routeOf("/open?a") == "/open");
    BOOST_TEST(routeOf("/VAULT/") == "/vault");
    BOOST_TEST(routeOf("/unknown") == unmatchedRoute);
    BOOST_TEST(routeOf("*") == unmatchedRoute);
}

BOOST_AUTO_TEST_CASE(invalidRoutesAreRejected) {
    BOOST_CHECK_THROW(Router({at("/x"), at("/x")}), Poco::InvalidArgumentException);
    for (const std::string path : {"/X", "/x/", "/x?y", ""})
        BOOST_CHECK_THROW(Router({at(path)}), Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_CASE(withoutAGuardEveryRouteIsPublic) {
    BOOST_CHECK_THROW(Router({{"/me", {"GET"}, AnyPrincipal{}, sayingWho()}}),
                      Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(Router({{"/x", {"GET"}, anyRole({}), sayingWho()}}), Poco::InvalidArgumentException);
    Router router({at("/open")});
    FakeRequest request("GET", "/unknown");
    const auto& response = request.handledBy(router.createRequestHandler(request));
    BOOST_TEST(response.getStatus() == 404);
    BOOST_TEST(response.body() == R"({"error":"Not found"})");
}

BOOST_AUTO_TEST_CASE(onlyRefusedRolesAreRecorded) {
    const Exchange refused("POST", "/vault", "customer");
    BOOST_TEST(refused.status() == 403);
    BOOST_TEST(refused.trail() == "role_refused somebody POST\n");
    BOOST_TEST(Exchange("POST", "/vault", "teller").trail() == "");
    BOOST_TEST(Exchange("GET", "/vault", "customer").trail() == "");
    BOOST_TEST(Exchange("GET", "/unknown", "customer").trail() == "");
}

BOOST_AUTO_TEST_CASE(aRouteForAnyPrincipalAsksForNoRole) {
    BOOST_TEST(Exchange("GET", "/me", "").status() == 200);
    BOOST_TEST(Exchange("GET", "/me", "stranger").body() == "somebody");
    BOOST_TEST(Exchange("GET", "/me", "stranger").header("Cache-Control") == "no-store");
    BOOST_TEST(Exchange("POST", "/me", "teller").status() == 405);
}

BOOST_AUTO_TEST_CASE(anyOfTheRolesLetsThrough) {
    BOOST_TEST(Exchange("POST", "/vault", "teller").status() == 200);
    BOOST_TEST(Exchange("POST", "/vault", "manager").status() == 200);
    BOOST_TEST(Exchange("POST", "/Vault/", "teller").body() == "somebody");
}

BOOST_AUTO_TEST_CASE(anotherRoleIsForbidden) {
    const Exchange exchange("POST", "/vault", "customer");
    BOOST_TEST(exchange.status() == 403);
    BOOST_TEST(exchange.body() == R"({"error":"You do not have a role with permissions to do this."})");
    BOOST_TEST(exchange.header("WWW-Authenticate") ==
               R"(Bearer realm="changebank", error="insufficient_scope")");
}

/// Answers with the challenge that it was made with.
class ChallengingGuard : public HTTPRequestHandlerFactory {
public:
    explicit ChallengingGuard(Challenge::Ptr challenge) : _challenge(std::move(challenge)) {}
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new ResponseHandler(
            Response::json(HTTPResponse::HTTP_UNAUTHORIZED, _challenge->valueFor(Cause::missingToken)));
    }

private:
    Challenge::Ptr _challenge;
};

BOOST_AUTO_TEST_CASE(eachGuardGetsTheChallengeOfItsRoute) {
    Router::Protection protection{
        [](PrincipalRequestHandlerFactory::Ptr, Challenge::Ptr challenge) {
            return HTTPRequestHandlerFactory::Ptr(new ChallengingGuard(std::move(challenge)));
        },
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, nullptr, "a shop"), nullptr};
    const std::vector<Route> scoped{{"/a", {"GET"}, allScopes({"x", "y"}), sayingWho()},
                                    {"/b", {"GET"}, AnyPrincipal{}, sayingWho()}};
    const auto challengeAt = [&](const std::string& path) {
        Router router(scoped, protection);
        FakeRequest request("GET", path);
        return request.handledBy(router.createRequestHandler(request)).body();
    };
    BOOST_TEST(challengeAt("/a") == R"(Bearer realm="a shop", scope="x y")");
    BOOST_TEST(challengeAt("/b") == R"(Bearer realm="a shop")");
    BOOST_TEST(challengeAt("/unknown") == R"(Bearer realm="a shop")");
    protection.challenge = [](std::string_view path, const AccessRule& rule) {
        return rule.challenge({.realm = "of " + std::string(path)});
    };
    BOOST_TEST(challengeAt("/a/") == R"(Bearer realm="of /a", scope="x y")");
    BOOST_TEST(challengeAt("/b") == R"(Bearer realm="of /b")");
    BOOST_TEST(challengeAt("/unknown") == R"(Bearer realm="of ")");
}

BOOST_AUTO_TEST_CASE(aMissingScopeIsRefusedWithTheChallengeOfTheRoute) {
    const Router::Protection protection{
        [](PrincipalRequestHandlerFactory::Ptr next, const Challenge::Ptr&) {
            return HTTPRequestHandlerFactory::Ptr(new FixedGuard(principalWith("teller"), std::move(next)));
        },
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, nullptr), nullptr,
        [](std::string_view, const AccessRule& rule) {
            return rule.challenge({.realm = "x", .resourceMetadata = "https://x.example/m"});
        }};
    Router router({{"/a", {"GET"}, allScopes({"s"}), sayingWho()}}, protection);
    FakeRequest request("GET", "/a");
    const auto& response = request.handledBy(router.createRequestHandler(request));
    BOOST_TEST(response.getStatus() == 403);
    BOOST_TEST(response.get("WWW-Authenticate") ==
               R"(Bearer realm="x", error="insufficient_scope", scope="s", )"
               R"(resource_metadata="https://x.example/m")");
}

BOOST_AUTO_TEST_CASE(theLimitOfClientsComesFirstButForProbes) {
    changebank::tests::ManualClock clock;
    const Router::Protection protection{
        [](PrincipalRequestHandlerFactory::Ptr next, const Challenge::Ptr&) {
            return HTTPRequestHandlerFactory::Ptr(new FixedGuard(nullptr, std::move(next)));
        },
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, nullptr),
        nullptr,
        {},
        std::make_shared<const CallerLimits>(CallerLimits::Options{.client = {1, 3}}, nullptr, clock)};
    auto probed = routes();
    probed.push_back({"/livez", {"GET"}, Everybody{}, sayingWho(), {}, true});
    Router router(probed, protection);
    const auto statusOf = [&](const std::string& target) {
        ContextFakeRequest request("GET", target);
        const int status = request.handledBy(router.createRequestHandler(request)).getStatus();
        return std::to_string(status) + " " + request.route + " " + std::string(request.denial);
    };
    BOOST_TEST(statusOf("/livez") == "200 /livez ");
    BOOST_TEST(statusOf("/open") == "200 /open ");
    BOOST_TEST(statusOf("/me") == "401 /me ");
    BOOST_TEST(statusOf("/unknown") == "401 unmatched ");
    BOOST_TEST(statusOf("/open") == "429 /open client_rate_exceeded");
    BOOST_TEST(statusOf("/me") == "429 /me client_rate_exceeded");
    BOOST_TEST(statusOf("/unknown") == "429 unmatched client_rate_exceeded");
    BOOST_TEST(statusOf("/livez") == "200 /livez ");
}

BOOST_AUTO_TEST_CASE(anEmptyListOfRolesLetsNobodyThrough) {
    BOOST_TEST(Exchange("GET", "/nobody", "teller").status() == 403);
}

BOOST_AUTO_TEST_CASE(anUnknownPathIsNotFoundWhateverTheRole) {
    const Exchange exchange("GET", "/safe", "customer");
    BOOST_TEST(exchange.status() == 404);
    BOOST_TEST(exchange.body() == R"({"error":"Not found"})");
}

BOOST_AUTO_TEST_CASE(theMethodIsCheckedBeforeTheRole) {
    const Exchange exchange("GET", "/vault", "customer");
    BOOST_TEST(exchange.status() == 405);
    BOOST_TEST(exchange.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(exchange.body() == R"({"error":"Method not allowed"})");
    BOOST_TEST(Exchange("OPTIONS", "/vault", "customer").status() == 204);
}

BOOST_AUTO_TEST_CASE(everyProtectedResponseHasNoStore) {
    for (const std::string target : {"/vault", "/safe"}) {
        for (const std::string method : {"GET", "POST", "OPTIONS"}) {
            for (const std::string role : {"teller", "customer"}) {
                BOOST_TEST(Exchange(method, target, role).header("Cache-Control") == "no-store");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(theServersOwnResponsesHaveOneLineOfJson) {
    auto router = Router(std::vector<Route>{});
    for (const int status : {400, 403, 408, 413, 414, 417, 421, 431, 500, 501, 503, 505}) {
        FakeRequest request("", "");
        request.response().setStatus(static_cast<HTTPResponse::HTTPStatus>(status));
        router.completeError(request, request.response());
        const auto& response = request.sentResponse();
        BOOST_TEST(response.getStatus() == status);
        BOOST_TEST(response.getContentType() == "application/json; charset=utf-8");
        BOOST_TEST(response.get("Cache-Control") == "no-store");
        const auto body = response.body();
        BOOST_TEST(body.rfind("{\"error\":\"", 0) == 0U);
        BOOST_TEST((status == 500) == (body == R"({"error":"The server failed"})"));
        BOOST_TEST(body.find('\n') == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
