#include "changebank/daemon/http/loop/DeadlineQueue.h"

#include <boost/test/unit_test.hpp>
#include <memory>

using changebank::http::DeadlineQueue;
using namespace std::chrono_literals;

namespace {

const DeadlineQueue::Time start{1h};

}  // namespace

BOOST_AUTO_TEST_SUITE(DeadlineQueueTest)

BOOST_AUTO_TEST_CASE(GivesEntriesInTheirOrderWhenDue) {
    DeadlineQueue queue(10ms);
    DeadlineQueue::Entry first;
    DeadlineQueue::Entry second;
    BOOST_TEST(!queue.next());
    queue.arm(first, start);
    queue.arm(second, start + 1ms);
    BOOST_TEST((queue.next() == start + 10ms));
    BOOST_TEST(queue.takeDue(start + 9ms) == nullptr);
    BOOST_TEST(queue.takeDue(start + 20ms) == &first);
    BOOST_TEST(queue.takeDue(start + 20ms) == &second);
    BOOST_TEST(queue.takeDue(start + 20ms) == nullptr);
    BOOST_TEST(first.queue() == nullptr);
}

BOOST_AUTO_TEST_CASE(ArmingAgainMovesToTheEnd) {
    DeadlineQueue queue(10ms);
    DeadlineQueue::Entry first;
    DeadlineQueue::Entry second;
    queue.arm(first, start);
    queue.arm(second, start);
    queue.arm(first, start + 5ms);
    BOOST_TEST(queue.takeDue(start + 10ms) == &second);
    BOOST_TEST(queue.takeDue(start + 10ms) == nullptr);
    BOOST_TEST(queue.takeDue(start + 15ms) == &first);
}

BOOST_AUTO_TEST_CASE(DeadlinesOfTheirOwnComeInTheirOrder) {
    DeadlineQueue queue(10ms);
    DeadlineQueue::Entry late;
    DeadlineQueue::Entry early;
    DeadlineQueue::Entry between;
    DeadlineQueue::Entry also;
    queue.armUntil(late, start + 30ms);
    queue.armUntil(early, start + 10ms);
    queue.armUntil(between, start + 20ms);
    queue.armUntil(also, start + 20ms);
    BOOST_TEST((queue.next() == start + 10ms));
    BOOST_TEST(queue.takeDue(start + 40ms) == &early);
    between.disarm();
    BOOST_TEST(queue.takeDue(start + 40ms) == &also);
    BOOST_TEST(queue.takeDue(start + 40ms) == &late);
    BOOST_TEST(!queue.next());
}

BOOST_AUTO_TEST_CASE(AnEntryIsInOneQueueAtATime) {
    DeadlineQueue one(1ms);
    DeadlineQueue other(2ms);
    DeadlineQueue::Entry entry;
    one.arm(entry, start);
    other.arm(entry, start);
    BOOST_TEST(!one.next());
    BOOST_TEST(entry.queue() == &other);
    entry.disarm();
    entry.disarm();
    BOOST_TEST(!other.next());
}

BOOST_AUTO_TEST_CASE(ADestroyedEntryLeaves) {
    DeadlineQueue queue(1ms);
    DeadlineQueue::Entry first;
    auto middle = std::make_unique<DeadlineQueue::Entry>();
    DeadlineQueue::Entry last;
    queue.arm(first, start);
    queue.arm(*middle, start);
    queue.arm(last, start);
    middle.reset();
    BOOST_TEST(queue.takeDue(start + 1ms) == &first);
    BOOST_TEST(queue.takeDue(start + 1ms) == &last);
}

BOOST_AUTO_TEST_CASE(AnotherSpanMovesEveryDeadline) {
    DeadlineQueue queue(10ms);
    DeadlineQueue::Entry first;
    DeadlineQueue::Entry second;
    queue.arm(first, start);
    queue.arm(second, start + 1ms);
    queue.setTimeout(5ms);
    BOOST_TEST((queue.next() == start + 5ms));
    BOOST_TEST(queue.takeDue(start + 5ms) == &first);
    BOOST_TEST(queue.takeDue(start + 5ms) == nullptr);
    queue.setTimeout(20ms);
    BOOST_TEST(queue.takeDue(start + 20ms) == nullptr);
    BOOST_TEST(queue.takeDue(start + 21ms) == &second);
}

BOOST_AUTO_TEST_SUITE_END()
