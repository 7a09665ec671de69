#include "kickstart/oauth/LoginThrottle.h"

#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/support/ManualClock.h"

using changebank::kickstart::LoginThrottle;
using std::chrono::seconds;

namespace {

struct Fixture {
    bool mayTry(const std::string& key) { return !throttle.begin(key); }

    changebank::tests::ManualClock clock;
    LoginThrottle throttle{clock, {2, seconds(60), 10}};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(LoginThrottleTest, Fixture)

BOOST_AUTO_TEST_CASE(AfterTheLimitAKeyWaitsForTheEndOfThePeriod) {
    BOOST_TEST(mayTry("a"));
    clock.advance(seconds(10));
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(throttle.begin("a")->count() == 50);
    clock.advance(std::chrono::milliseconds(49'001));
    BOOST_TEST(throttle.begin("a")->count() == 1);
    BOOST_TEST(mayTry("b"));
    clock.advance(std::chrono::milliseconds(999));
    BOOST_TEST(mayTry("a"));
}

BOOST_AUTO_TEST_CASE(ASuccessWipesTheFailuresOut) {
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(mayTry("a"));
    throttle.forget("a");
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(!mayTry("a"));
}

BOOST_AUTO_TEST_CASE(AnAttemptThatIsTakenBackDoesNotCount) {
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(mayTry("a"));
    throttle.takeBack("a");
    BOOST_TEST(mayTry("a"));
    BOOST_TEST(!mayTry("a"));
    throttle.takeBack("unknown");
    BOOST_TEST(mayTry("unknown"));
}

BOOST_AUTO_TEST_CASE(ManyKeysDoNotFreeOneThatWaits) {
    clock.advance(seconds(1));
    for (std::size_t i = 1; i < 10; ++i) {
        mayTry(std::to_string(i));
    }
    clock.advance(seconds(1));
    mayTry("a");
    mayTry("a");
    for (std::size_t i = 0; i < 9; ++i) {
        BOOST_TEST(mayTry("more" + std::to_string(i)));
    }
    BOOST_TEST(!mayTry("a"));
}

BOOST_AUTO_TEST_SUITE_END()
