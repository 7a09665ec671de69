#include "changebank/daemon/service/SnapshotHandlerFactory.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "changebank/handlers/routing/ResponseHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using changebank::daemon::SnapshotHandlerFactory;
using changebank::handlers::FakeRequest;
using changebank::handlers::Response;
using changebank::handlers::ResponseHandler;
using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPRequestHandlerFactory;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

/// Answers with its name, and counts how many of its kind there are.
class Named : public HTTPRequestHandlerFactory {
public:
    static inline std::atomic<int> living{0};

    explicit Named(std::string name) : _name(std::move(name)) { ++living; }
    ~Named() override { --living; }

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new ResponseHandler(Response::json(HTTPResponse::HTTP_OK, _name));
    }

private:
    std::string _name;
};

std::string answerOf(HTTPRequestHandlerFactory& factory) {
    FakeRequest request("GET", "/");
    return request.handledBy(factory.createRequestHandler(request)).body();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SnapshotHandlerFactoryTest)

BOOST_AUTO_TEST_CASE(theNextRequestGoesToTheNewFactoryAndTheOldOneGoes) {
    std::thread([] {
        SnapshotHandlerFactory factory(new Named("first"));
        BOOST_TEST(answerOf(factory) == "first");
        factory.replace(new Named("second"));
        BOOST_TEST(answerOf(factory) == "second");
        BOOST_TEST(Named::living == 1);
    }).join();
    BOOST_TEST(Named::living == 0);
}

BOOST_AUTO_TEST_CASE(theCurrentFactoryCompletesTheServersOwnResponses) {
    class Completing : public Named, public changebank::ErrorResponder {
    public:
        using Named::Named;
        void completeError(const HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
            response.set("X-Completed", "yes");
        }
    };
    std::thread([] {
        SnapshotHandlerFactory factory(new Named("completes nothing"));
        FakeRequest request("GET", "/");
        factory.completeError(request, request.response());
        BOOST_TEST(!request.response().has("X-Completed"));
        factory.replace(new Completing("completes"));
        factory.completeError(request, request.response());
        BOOST_TEST(request.response().has("X-Completed"));
    }).join();
}

BOOST_AUTO_TEST_CASE(requestsAndReplacementsMayRunTogether) {
    SnapshotHandlerFactory factory(new Named("x"));
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done)
            wrong += answerOf(factory) == "x" ? 0 : 1;
    });
    for (int i = 0; i < 2000; ++i)
        factory.replace(new Named("x"));
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(Named::living == 1);
}

BOOST_AUTO_TEST_SUITE_END()
