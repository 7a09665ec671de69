#include <array>
#include <boost/test/unit_test.hpp>

#include "tests/support/AllocationCount.h"
#include "tests/support/LockCount.h"
#include "tests/support/OnlyIf.h"
#include "tests/unit/daemon/http/TestServer.h"

using namespace changebank;
using namespace changebank::http;
using namespace changebank::http::test;
using changebank::tests::AllocationCount;
using changebank::tests::LockCount;

namespace {

const std::string answer = R"({"total":1.02,"nickels":20,"pennies":2})";

/// A handler that costs no memory of the heap.
class FrugalHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Request&, Response& response) override {
        AllocationCount::includeThisThread();
        LockCount::includeThisThread();
        response.sendBuffer(answer.data(), answer.size());
    }
    static void* operator new(std::size_t) { return room.data(); }
    static void operator delete(void*) {}

private:
    alignas(std::max_align_t) static inline thread_local std::array<char, 64> room;
};

/// Stands still, so that the date is made once; takes no lock.
class StillClock : public changebank::Clock {
public:
    Monotonic monotonic() const override { return Monotonic(std::chrono::hours(1)); }
    Wall wall() const override { return {}; }
    void waitUntil(std::unique_lock<std::mutex>&, std::condition_variable&, Monotonic) override {}
};

/// What the event loop does of that which `Count` counts, while it answers a thousand requests, each like the
/// ones before it.
template <typename Count>
std::size_t countFor(const std::string& request) {
    auto limits = testLimits();
    limits.threads = 1;
    StillClock clock;
    ServerParams::Ptr params(new ServerParams(limits));
    params->setClock(clock);
    TestServer server([](const Request&) { return new FrugalHandler; }, params);
    auto client = server.connect();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST_REQUIRE(client.exchange(request).status == 200);
    const auto before = Count::now();
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST_REQUIRE(client.exchange(request).status == 200);
    return Count::now() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AllocationTest)

BOOST_AUTO_TEST_CASE(ARequestLikeTheOneBeforeAllocatesNothing) {
    BOOST_TEST(countFor<AllocationCount>(
                   "GET /make-change?total=1.02 HTTP/1.1\r\nHost: localhost:3000\r\nUser-Agent: test\r\n"
                   "Accept: application/json, text/plain\r\nAuthorization: Bearer " +
                   std::string(650, 'x') + "\r\n\r\n") == 0U);
}

BOOST_AUTO_TEST_CASE(NorDoesItWithABody) {
    BOOST_TEST(countFor<AllocationCount>(
                   "POST /panic HTTP/1.1\r\nHost: localhost:3000\r\nContent-Length: 100\r\n\r\n" +
                   std::string(100, 'x')) == 0U);
}

BOOST_AUTO_TEST_CASE(TheRoomOfALargeBodyIsGivenBack) {
    auto limits = testLimits();
    limits.threads = 1;
    limits.maxBodyBytes = 100'000;
    StillClock clock;
    ServerParams::Ptr params(new ServerParams(limits));
    params->setClock(clock);
    TestServer server([](const Request&) { return new FrugalHandler; }, params);
    auto client = server.connect();
    const auto allocationsFor = [&client](std::size_t size) {
        const auto before = AllocationCount::now();
        BOOST_TEST_REQUIRE(client
                               .exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                                         std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'))
                               .status == 200);
        return AllocationCount::now() - before;
    };
    for (int i = 0; i < 10; ++i)
        allocationsFor(100);
    BOOST_TEST(allocationsFor(100) == 0U);
    allocationsFor(100'000);
    BOOST_TEST(allocationsFor(100) > 0U, "the next request has to make room again");
    BOOST_TEST(allocationsFor(100) == 0U);
}

BOOST_AUTO_TEST_CASE(NorDoesItTakeALock, *changebank::tests::onlyIf(LockCount::isCounting,
                                                                    "sanitizers have locks of their own")) {
    BOOST_TEST(countFor<LockCount>("GET /make-change?total=1.02 HTTP/1.1\r\nHost: localhost:3000\r\n\r\n") ==
               0U);
}

BOOST_AUTO_TEST_SUITE_END()
