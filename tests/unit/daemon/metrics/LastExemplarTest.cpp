#include "changebank/daemon/metrics/LastExemplar.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>

using changebank::daemon::LastExemplar;
using std::chrono::microseconds;
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

namespace {

const Time now(std::chrono::milliseconds(1'790'000'000'123));

}  // namespace

BOOST_AUTO_TEST_SUITE(LastExemplarTest)

BOOST_AUTO_TEST_CASE(theLastOneIsKept) {
    LastExemplar last;
    BOOST_TEST(!last.load().has_value());
    last.store("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", microseconds(5), now);
    last.store("00000000000000010000000000000002", "0000000000000003", microseconds(7), now);
    const auto value = last.load();
    BOOST_REQUIRE(value.has_value());
    BOOST_TEST(value->traceId == "00000000000000010000000000000002");
    BOOST_TEST(value->spanId == "0000000000000003");
    BOOST_TEST((value->duration == microseconds(7)));
    BOOST_TEST((value->time == now));
}

BOOST_AUTO_TEST_CASE(nobodySeesAMixture) {
    LastExemplar last;
    std::atomic<bool> isOver{false};
    const auto write = [&](char digit) {
        const std::string id(32, digit);
        while (!isOver)
            last.store(id, id.substr(16), microseconds(digit), Time(std::chrono::milliseconds(digit)));
    };
    std::thread first(write, 'a');
    std::thread second(write, 'b');
    bool isWhole = true;
    for (int read = 0; read < 10'000; ++read) {
        const auto value = last.load();
        if (!value) continue;
        const char digit = value->traceId[0];
        isWhole = isWhole && value->traceId == std::string(32, digit) &&
                  value->spanId == std::string(16, digit) && value->duration == microseconds(digit);
    }
    isOver = true;
    first.join();
    second.join();
    BOOST_TEST(isWhole);
}

BOOST_AUTO_TEST_SUITE_END()
