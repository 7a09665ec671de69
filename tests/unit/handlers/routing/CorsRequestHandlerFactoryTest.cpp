#include "changebank/handlers/routing/CorsRequestHandlerFactory.h"

#include <boost/test/unit_test.hpp>

#include "changebank/handlers/routing/ResponseHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;
using Poco::Net::HTTPResponse;

namespace {

/// Refuses everything, as a guard does.
class Refusing : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new ResponseHandler(Response::error(HTTPResponse::HTTP_UNAUTHORIZED, "no"));
    }
};

/// A request from a page of an origin, after it was answered.
class Exchange {
public:
    Exchange(const std::string& method, const std::string& origin, const std::string& preflightFor = "")
        : _request(method, "/panic") {
        if (!origin.empty()) _request.set("Origin", origin);
        if (!preflightFor.empty()) _request.set("Access-Control-Request-Method", preflightFor);
        CorsRequestHandlerFactory access(changebank::security::AllowedOrigins({"https://app.example.com"}),
                                         {"GET", "HEAD", "POST"}, new Refusing);
        _request.handledBy(access.createRequestHandler(_request));
    }

    int status() const { return _request.sentResponse().getStatus(); }
    std::string header(const std::string& name) const { return _request.sentResponse().get(name, ""); }

private:
    FakeRequest _request;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(CorsRequestHandlerFactoryTest)

BOOST_AUTO_TEST_CASE(anAllowedPagesPreflightNeedsNoToken) {
    const Exchange exchange("OPTIONS", "https://app.example.com", "POST");
    BOOST_TEST(exchange.status() == 204);
    BOOST_TEST(exchange.header("Access-Control-Allow-Origin") == "https://app.example.com");
    BOOST_TEST(exchange.header("Access-Control-Allow-Credentials") == "true");
    BOOST_TEST(exchange.header("Access-Control-Allow-Methods") == "GET, HEAD, POST");
    BOOST_TEST(exchange.header("Access-Control-Allow-Headers") ==
               "Authorization, Content-Type, DPoP, X-Request-Id, traceparent, tracestate");
    BOOST_TEST(exchange.header("Access-Control-Max-Age") == "600");
    BOOST_TEST(exchange.header("Vary") == "Origin");
}

BOOST_AUTO_TEST_CASE(aPreflightWithABodyOrAnUpgradeIsAnOrdinaryRequest) {
    for (const auto& [name, value] :
         {std::pair("Content-Length", "3"), std::pair("Transfer-Encoding", "chunked"),
          std::pair("Upgrade", "websocket")}) {
        FakeRequest request("OPTIONS", "/panic");
        request.set("Origin", "https://app.example.com");
        request.set("Access-Control-Request-Method", "POST");
        request.set(name, value);
        CorsRequestHandlerFactory access(changebank::security::AllowedOrigins({"https://app.example.com"}),
                                         {"POST"}, new Refusing);
        BOOST_TEST(request.handledBy(access.createRequestHandler(request)).getStatus() == 401, name);
    }
}

BOOST_AUTO_TEST_CASE(anAllowedPageMayReadARefusal) {
    for (const char* method : {"GET", "POST", "OPTIONS"}) {
        const Exchange exchange(method, "https://app.example.com");
        BOOST_TEST(exchange.status() == 401);
        BOOST_TEST(exchange.header("Access-Control-Allow-Origin") == "https://app.example.com");
        BOOST_TEST(exchange.header("Access-Control-Allow-Credentials") == "true");
        BOOST_TEST(exchange.header("Access-Control-Expose-Headers") ==
                   "Allow, DPoP-Nonce, ETag, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, "
                   "X-Request-Id");
        BOOST_TEST(exchange.header("Vary") == "Origin");
    }
}

BOOST_AUTO_TEST_CASE(everyOtherPageMayNot) {
    for (const char* origin : {"https://evil.example", "http://app.example.com", "null", "*", ""}) {
        for (const char* preflightFor : {"", "POST"}) {
            const Exchange exchange("OPTIONS", origin, preflightFor);
            BOOST_TEST(exchange.status() == 401, origin);
            BOOST_TEST(exchange.header("Access-Control-Allow-Origin").empty(), origin);
            BOOST_TEST(exchange.header("Access-Control-Allow-Credentials").empty(), origin);
            BOOST_TEST(exchange.header("Access-Control-Allow-Methods").empty(), origin);
            BOOST_TEST(exchange.header("Vary") == "Origin", origin);
        }
    }
}

BOOST_AUTO_TEST_CASE(theServersOwnResponsesAreLikeOthers) {
    class Completing : public Refusing, public ErrorResponder {
    public:
        void completeError(const Poco::Net::HTTPServerRequest&,
                           Poco::Net::HTTPServerResponse& response) override {
            response.sendBuffer("completed", 9);
        }
    };
    const changebank::security::AllowedOrigins origins({"https://app.example.com"});
    CorsRequestHandlerFactory access(origins, {"GET"}, new Completing);
    for (const auto& [origin, allowed] : {std::pair{"https://app.example.com", "https://app.example.com"},
                                          std::pair{"https://evil.example", ""}}) {
        FakeRequest request("", "");
        request.set("Origin", origin);
        access.completeError(request, request.response());
        const auto& response = request.sentResponse();
        BOOST_TEST(response.get("Access-Control-Allow-Origin", "") == allowed);
        BOOST_TEST(response.has("Access-Control-Expose-Headers") == !std::string(allowed).empty());
        BOOST_TEST(response.get("Vary") == "Origin");
        BOOST_TEST(response.body() == "completed");
    }
    FakeRequest request("", "");
    CorsRequestHandlerFactory(origins, {"GET"}, new Refusing).completeError(request, request.response());
    BOOST_TEST(request.sentResponse().body().empty(), "the next factory completes nothing");
}

BOOST_AUTO_TEST_CASE(anOpenPathGetsItsPreflightsItself) {
    for (const char* path : {"/open", "/open/x", "/other"}) {
        FakeRequest request("OPTIONS", path);
        request.set("Origin", "https://app.example.com");
        request.set("Access-Control-Request-Method", "GET");
        CorsRequestHandlerFactory access(changebank::security::AllowedOrigins({"https://app.example.com"}),
                                         {"GET"}, new Refusing, "/open");
        const auto& response = request.handledBy(access.createRequestHandler(request));
        BOOST_TEST(response.getStatus() == (std::string(path) == "/other" ? 204 : 401), path);
        BOOST_TEST(response.get("Access-Control-Allow-Origin", "") == "https://app.example.com", path);
    }
}

BOOST_AUTO_TEST_SUITE_END()
