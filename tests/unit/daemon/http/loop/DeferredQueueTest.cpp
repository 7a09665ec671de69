#include "changebank/daemon/http/loop/DeferredQueue.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace changebank::http;

namespace {

/// Connections that are only told apart, never used.
struct Fixture {
    Connection& connection(std::size_t number) {
        return *reinterpret_cast<Connection*>(places.data() + number);
    }

    /// The numbers of the next ones.
    std::string popped(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += static_cast<char>('0' + (reinterpret_cast<char*>(&queue.pop()) - places.data()));
        return text;
    }

    std::vector<char> places = std::vector<char>(10);
    DeferredQueue queue;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DeferredQueueTest, Fixture)

BOOST_AUTO_TEST_CASE(KnownCallersAndOthersTakeTurns) {
    for (const auto other : {0U, 1U, 2U, 3U})
        queue.push(connection(other), false);
    for (const auto known : {7U, 8U})
        queue.push(connection(known), true);
    BOOST_TEST(queue.size() == 6U);
    BOOST_TEST(popped(6) == "708123");
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_CASE(AFloodOfKnownCallersHoldsUpNobody) {
    for (const auto known : {5U, 6U, 7U, 8U})
        queue.push(connection(known), true);
    queue.push(connection(0), false);
    BOOST_TEST(popped(5) == "50678");
}

BOOST_AUTO_TEST_CASE(AClosedConnectionIsLeftOut) {
    for (const auto number : {0U, 1U})
        queue.push(connection(number), number == 1);
    queue.erase(&connection(1));
    queue.erase(&connection(2));
    BOOST_TEST(popped(1) == "0");
    BOOST_TEST(queue.empty());
}

BOOST_AUTO_TEST_SUITE_END()
