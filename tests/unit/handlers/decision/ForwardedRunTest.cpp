#include "changebank/handlers/decision/ForwardedRun.h"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "changebank/handlers/decision/ForwardedRequest.h"
#include "changebank/handlers/routing/BlockingHandler.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::handlers;
using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

namespace {

using Handler = std::unique_ptr<HTTPRequestHandler>;

/// Tells which request it was given.
class Telling : public HTTPRequestHandler {
public:
    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        response.setStatus(HTTPServerResponse::HTTP_FORBIDDEN);
        const auto text = request.getMethod() + " " + request.getURI();
        response.sendBuffer(text.data(), text.size());
    }
};

class Throwing : public HTTPRequestHandler {
public:
    void handleRequest(HTTPServerRequest&, HTTPServerResponse& response) override {
        response.setStatus(HTTPServerResponse::HTTP_OK);
        throw std::runtime_error("no signature");
    }
};

/// Has a view of its request until its end, like those of the guard.
class Deferring : public DeferredRequestHandler {
public:
    Deferring(const HTTPServerRequest& request, Handler next, bool isPreferred)
        : _target(request.getURI()), _next(std::move(next)), _isPreferred(isPreferred) {}
    ~Deferring() override { endOfView = std::string(_target); }

    Handler resolve(const HTTPServerRequest& request) override {
        BOOST_TEST(request.getURI() == _target);
        return std::move(_next);
    }
    bool isPreferred() const override { return _isPreferred; }

    static inline std::string endOfView;

private:
    std::string_view _target;
    Handler _next;
    bool _isPreferred;
};

class Suspending : public SuspendedRequestHandler {
public:
    explicit Suspending(Handler next) : _next(std::move(next)) {}
    bool suspend(std::function<void()> resume) override {
        resume();
        return true;
    }
    std::chrono::milliseconds maxWait() const override { return std::chrono::milliseconds(1234); }
    Handler resolve(const HTTPServerRequest& request) override {
        BOOST_TEST(request.getURI() == "/x");
        return std::move(_next);
    }
    bool isPreferred() const override { return true; }

private:
    Handler _next;
};

struct Fixture {
    Handler wrap(Handler handler) {
        return substitutedHandler(std::move(inner), std::move(handler), forwardedRun(observer));
    }

    template <typename Type>
    static Type* as(const Handler& handler) {
        return dynamic_cast<Type*>(handler.get());
    }

    FakeRequest outer{"GET", "/decision"};
    std::shared_ptr<ForwardedRequest> inner =
        std::make_shared<ForwardedRequest>(outer, ReceivedRequest{"PUT", "/x", "a"});
    std::string told;
    DecisionObserver observer = [this](unsigned rule, int status) {
        told += std::to_string(rule) + "=" + std::to_string(status) + " ";
    };
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ForwardedRunTest, Fixture)

BOOST_AUTO_TEST_CASE(runsWithTheRequestThatTheProxyAsksAbout) {
    inner->noteRule(3);
    const auto handler = wrap(std::make_unique<Telling>());
    BOOST_TEST(as<DeferredRequestHandler>(handler) == nullptr);
    BOOST_TEST(as<BlockingRequestHandler>(handler) == nullptr);
    BOOST_TEST(told.empty());
    handler->handleRequest(outer, outer.response());
    BOOST_TEST(outer.sentResponse().body() == "PUT /x");
    BOOST_TEST(told == "3=403 ");
}

BOOST_AUTO_TEST_CASE(aHandlerThatThrowsIsToldAsTheServersError) {
    inner->noteRule(3);
    BOOST_CHECK_THROW(outer.handledBy(wrap(std::make_unique<Throwing>())), std::runtime_error);
    BOOST_TEST(told == "3=500 ");
}

BOOST_AUTO_TEST_CASE(needsNoObserver) {
    observer = nullptr;
    BOOST_TEST(outer.handledBy(wrap(std::make_unique<Telling>())).body() == "PUT /x");
}

BOOST_AUTO_TEST_CASE(aBlockingHandlerStaysOneOfItsCapacity) {
    for (const auto capacity :
         {BlockingRequestHandler::Capacity::shared, BlockingRequestHandler::Capacity::reserved}) {
        inner = std::make_shared<ForwardedRequest>(outer, ReceivedRequest{"PUT", "/x", "a"});
        const auto handler = wrap(std::make_unique<BlockingHandler>(std::make_unique<Telling>(), capacity));
        BOOST_TEST_REQUIRE(as<BlockingRequestHandler>(handler) != nullptr);
        BOOST_TEST((as<BlockingRequestHandler>(handler)->capacity() == capacity));
    }
}

BOOST_AUTO_TEST_CASE(aDeferredHandlerStaysOneAndSoDoWhatItResolvesTo) {
    for (const bool isPreferred : {false, true}) {
        inner = std::make_shared<ForwardedRequest>(outer, ReceivedRequest{"PUT", "/x", "a"});
        auto blocking = std::make_unique<BlockingHandler>(std::make_unique<Telling>(),
                                                          BlockingRequestHandler::Capacity::shared);
        auto suspending = std::make_unique<Suspending>(std::move(blocking));
        auto handler = std::make_unique<Deferring>(*inner, std::move(suspending), isPreferred);
        auto wrapped = wrap(std::move(handler));
        BOOST_TEST_REQUIRE(as<DeferredRequestHandler>(wrapped) != nullptr);
        BOOST_TEST(as<SuspendedRequestHandler>(wrapped) == nullptr);
        BOOST_TEST(as<DeferredRequestHandler>(wrapped)->isPreferred() == isPreferred);

        Deferring::endOfView.clear();
        wrapped = as<DeferredRequestHandler>(wrapped)->resolve(outer);
        BOOST_TEST(Deferring::endOfView == "/x");
        auto* suspended = as<SuspendedRequestHandler>(wrapped);
        BOOST_TEST_REQUIRE(suspended != nullptr);
        BOOST_TEST(suspended->isPreferred());
        BOOST_TEST((suspended->maxWait() == std::chrono::milliseconds(1234)));
        bool isResumed = false;
        BOOST_TEST(suspended->suspend([&] { isResumed = true; }));
        BOOST_TEST(isResumed);

        wrapped = suspended->resolve(outer);
        BOOST_TEST(as<BlockingRequestHandler>(wrapped) != nullptr);
        BOOST_TEST(told.empty());
        BOOST_TEST(outer.handledBy(std::move(wrapped)).getStatus() == 403);
        BOOST_TEST(told == "0=403 ");
        told.clear();
    }
}

// Poco::Net::HTTPServer knows no difference between handlers.
BOOST_AUTO_TEST_CASE(everyServerCanRunIt) {
    auto handler = std::make_unique<Suspending>(std::make_unique<Telling>());
    const auto wrapped = wrap(std::make_unique<Deferring>(*inner, std::move(handler), false));
    wrapped->handleRequest(outer, outer.response());
    BOOST_TEST(outer.sentResponse().body() == "PUT /x");
    BOOST_TEST(told == "0=403 ");
}

// A client that goes away while its request waits: nothing was decided.
BOOST_AUTO_TEST_CASE(aHandlerThatIsDroppedTellsNothing) {
    wrap(std::make_unique<Deferring>(*inner, std::make_unique<Telling>(), false)).reset();
    BOOST_TEST(Deferring::endOfView == "/x");
    BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_SUITE_END()
