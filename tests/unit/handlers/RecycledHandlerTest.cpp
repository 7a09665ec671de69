#include "handlers/RecycledHandler.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <thread>

#include "tests/support/AllocationCount.h"
#include "tests/support/OnlyIf.h"

using changebank::handlers::RecycledHandler;
using changebank::tests::AllocationCount;

namespace {

template <std::size_t Size>
class Handler : public RecycledHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse&) override {}

private:
    std::array<char, Size> _rest{};
};

using SmallHandler = Handler<RecycledHandler::roomSize - sizeof(void*)>;
using LargeHandler = Handler<RecycledHandler::roomSize>;

/// Allocations of this thread for two handlers, one after the other is dropped, as the server drops them.
template <typename Made>
std::size_t allocationsForTwo() {
    AllocationCount::includeThisThread();
    const auto before = AllocationCount::now();
    for (int i = 0; i < 2; ++i)
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(new Made);
    return AllocationCount::now() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RecycledHandlerTest)

BOOST_AUTO_TEST_CASE(theNextOneTakesTheRoomOfTheLast,
                     *changebank::tests::onlyIf(RecycledHandler::isRecycling,
                                                "sanitizers want memory anew")) {
    allocationsForTwo<SmallHandler>();
    BOOST_TEST(allocationsForTwo<SmallHandler>() == 0U);
    BOOST_TEST(allocationsForTwo<LargeHandler>() == 2U);
}

BOOST_AUTO_TEST_CASE(twoAtATimeHaveTwoRooms) {
    const std::unique_ptr<RecycledHandler> one(new SmallHandler);
    const std::unique_ptr<RecycledHandler> other(new SmallHandler);
    BOOST_TEST(one.get() != other.get());
}

BOOST_AUTO_TEST_CASE(aThreadKeepsTheRoomOfWhatItDropsForItself,
                     *changebank::tests::onlyIf(RecycledHandler::isRecycling,
                                                "sanitizers want memory anew")) {
    auto* const made = new SmallHandler;
    std::unique_ptr<RecycledHandler> handler(made);
    std::unique_ptr<RecycledHandler> next;
    std::thread([&] {
        handler.reset();
        next.reset(new SmallHandler);
    }).join();
    BOOST_TEST(next.get() == made);
    next.reset();

    std::thread([&] { next.reset(new SmallHandler); }).join();
    BOOST_TEST(next.get() != made, "this thread has that room");
}

BOOST_AUTO_TEST_SUITE_END()
