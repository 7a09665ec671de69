#include "changebank/daemon/http/loop/Inbox.h"

#include <poll.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace changebank::http;
using namespace std::chrono_literals;

namespace {

bool isReadable(const Inbox& inbox) {
    pollfd entry{inbox.descriptor(), POLLIN, 0};
    return ::poll(&entry, 1, 0) == 1;
}

bool isReady(const std::future<void>& future) {
    return future.wait_for(0ms) == std::future_status::ready;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(InboxTest)

BOOST_AUTO_TEST_CASE(AnAdoptedConnectionWakesTheLoopAndIsTakenOnce) {
    Inbox inbox;
    BOOST_TEST(!isReadable(inbox));
    inbox.adopt({});
    BOOST_TEST(isReadable(inbox));
    BOOST_TEST(inbox.take().accepted.size() == 1U);
    BOOST_TEST(inbox.take().accepted.empty());
}

BOOST_AUTO_TEST_CASE(AnEventWakesTheLoopAndNamesItsSuspension) {
    Inbox inbox;
    inbox.resume(7);
    inbox.resume(8);
    BOOST_TEST(isReadable(inbox));
    const std::vector<std::uint64_t> expected{7, 8};
    BOOST_TEST(inbox.take().resumed == expected, boost::test_tools::per_element());
    BOOST_TEST(inbox.take().resumed.empty());
}

BOOST_AUTO_TEST_CASE(APingIsTakenByTheLoop) {
    Inbox inbox;
    const auto ping = inbox.ping();
    BOOST_TEST(isReadable(inbox));
    BOOST_TEST(!isReady(ping));
    auto contents = inbox.take();
    BOOST_TEST_REQUIRE(contents.pings.size() == 1U);
    contents.pings.front().set_value();
    BOOST_TEST(isReady(ping));
}

BOOST_AUTO_TEST_CASE(ClosingFulfilsEarlierAndLaterPings) {
    Inbox inbox;
    const auto earlier = inbox.ping();
    inbox.close();
    BOOST_TEST(isReady(earlier));
    BOOST_TEST(isReady(inbox.ping()));
}

BOOST_AUTO_TEST_SUITE_END()
