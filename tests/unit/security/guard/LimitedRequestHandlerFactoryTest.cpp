#include "changebank/security/guard/LimitedRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerResponse.h>

#include <boost/test/unit_test.hpp>

#include "tests/support/ManualClock.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::security;
using changebank::handlers::ContextFakeRequest;

namespace {

class NoContentHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        response.setStatus(Poco::Net::HTTPResponse::HTTP_NO_CONTENT);
        response.send();
    }
};

class NoContentFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new NoContentHandler;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(LimitedRequestHandlerFactoryTest)

BOOST_AUTO_TEST_CASE(requestsBeyondTheLimitDoNotReachTheFactory) {
    tests::ManualClock clock;
    const auto counters = std::make_shared<RefusalCounters>();
    LimitedRequestHandlerFactory factory(
        std::make_shared<const CallerLimits>(CallerLimits::Options{.client = {1, 2}}, nullptr, clock),
        std::make_shared<RefusalReporter>(ErrorDetail::minimal, counters), new NoContentFactory);
    std::string statuses;
    for (int i = 0; i < 4; ++i) {
        ContextFakeRequest request("GET", "/");
        const auto& response = request.handledBy(factory.createRequestHandler(request));
        statuses += std::to_string(response.getStatus()) + " " + response.get("Retry-After", "-") + " " +
                    response.get("RateLimit", "-") + " " + std::string(request.denial) + "\n";
    }
    BOOST_TEST(statuses ==
               "204 - - \n"
               "204 - - \n"
               "429 1 \"client\";r=0;t=1 client_rate_exceeded\n"
               "429 1 \"client\";r=0;t=1 client_rate_exceeded\n");
    BOOST_TEST(counters->of(Cause::clientRateExceeded) == 2U);
    clock.advance(std::chrono::seconds(1));
    ContextFakeRequest request("GET", "/");
    BOOST_TEST(request.handledBy(factory.createRequestHandler(request)).getStatus() == 204);
}

BOOST_AUTO_TEST_SUITE_END()
