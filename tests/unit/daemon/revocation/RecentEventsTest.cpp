#include "changebank/daemon/revocation/RecentEvents.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using changebank::daemon::RecentEvents;

BOOST_AUTO_TEST_SUITE(RecentEventsTest)

BOOST_AUTO_TEST_CASE(knowsWhatWasAdded) {
    RecentEvents events;
    BOOST_TEST(!events.contains("e1"));
    events.add("e1");
    BOOST_TEST(events.contains("e1"));
    BOOST_TEST(!events.contains("e"));
    BOOST_TEST(!events.contains("e11"));
}

BOOST_AUTO_TEST_CASE(forgetsTheOldest) {
    RecentEvents events(3);
    for (int i = 0; i < 5; ++i)
        events.add("e" + std::to_string(i));
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(events.contains("e" + std::to_string(i)) == (i >= 2));
}

BOOST_AUTO_TEST_CASE(anIdTakesOnePlaceHoweverOftenItIsAdded) {
    RecentEvents events(2);
    events.add("e1");
    events.add("e2");
    events.add("e2");
    events.add("e2");
    BOOST_TEST(events.contains("e1"));
    events.add("e3");
    BOOST_TEST(!events.contains("e1"));
    BOOST_TEST(events.contains("e2"));
    BOOST_TEST(events.contains("e3"));
}

BOOST_AUTO_TEST_CASE(withoutRoomItKnowsNothing) {
    RecentEvents events(0);
    events.add("e1");
    BOOST_TEST(!events.contains("e1"));
}

BOOST_AUTO_TEST_CASE(threadsMayUseItAtOnce) {
    constexpr int perThread = 2'000;
    RecentEvents events(100);
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&events, thread] {
                for (int i = 0; i < perThread; ++i) {
                    events.add(std::to_string(thread) + "-" + std::to_string(i));
                    events.contains("0-" + std::to_string(i));
                }
            });
        }
    }
    int known = 0;
    for (int thread = 0; thread < 4; ++thread) {
        for (int i = 0; i < perThread; ++i)
            known += events.contains(std::to_string(thread) + "-" + std::to_string(i)) ? 1 : 0;
    }
    BOOST_TEST(known == 100);
}

BOOST_AUTO_TEST_SUITE_END()
