#include "changebank/daemon/settings/values/RedisAddress.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using changebank::daemon::RedisAddress;

namespace {

RedisAddress parsed(const std::string& text) {
    auto result = RedisAddress::parse(text);
    const auto* fault = std::get_if<RedisAddress::Fault>(&result);
    BOOST_REQUIRE_MESSAGE(!fault, text + " " + (fault ? fault->why : ""));
    return std::get<RedisAddress>(result);
}

std::string faultOf(const std::string& text) {
    const auto result = RedisAddress::parse(text);
    const auto* fault = std::get_if<RedisAddress::Fault>(&result);
    BOOST_REQUIRE_MESSAGE(fault, text + " is accepted");
    return fault->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RedisAddressTest)

BOOST_AUTO_TEST_CASE(aHostHasAUsualPortAndDatabase) {
    BOOST_TEST((parsed("redis://cache.example") == RedisAddress{"cache.example", 6379, 0, false}));
    BOOST_TEST((parsed("redis://cache.example/") == RedisAddress{"cache.example", 6379, 0, false}));
    BOOST_TEST((parsed("redis://10.0.0.1:7000/3") == RedisAddress{"10.0.0.1", 7000, 3, false}));
    BOOST_TEST((parsed("rediss://cache") == RedisAddress{"cache", 6379, 0, true}));
    BOOST_TEST((parsed("redis://[::1]:7000/2") == RedisAddress{"::1", 7000, 2, false}));
    BOOST_TEST((parsed("redis://[fe80::1]") == RedisAddress{"fe80::1", 6379, 0, false}));
}

BOOST_AUTO_TEST_CASE(aUnixSocketHasAPathAndMayHaveADatabase) {
    const auto address = parsed("unix:///run/redis/redis.sock");
    BOOST_TEST(address.isUnix());
    BOOST_TEST((address == RedisAddress{"/run/redis/redis.sock", 0, 0, false}));
    BOOST_TEST((parsed("unix:///run/r@1?db=12") == RedisAddress{"/run/r@1", 0, 12, false}));
}

BOOST_AUTO_TEST_CASE(theTextIsAnAddressAgain) {
    for (const std::string text : {"redis://cache:6379", "redis://[::1]:7000/2", "rediss://cache:6380",
                                   "unix:///run/redis.sock", "unix:///run/redis.sock?db=4"})
        BOOST_TEST(parsed(text).toText() == text);
}

BOOST_AUTO_TEST_CASE(aPasswordIsRefusedAndNotRepeated) {
    for (const std::string text :
         {"redis://user:sesame@cache", "redis://:sesame@cache:6379/0", "rediss://sesame@cache"}) {
        const auto why = faultOf(text);
        BOOST_TEST(why.find("revocation.redis.credentialsFile") != std::string::npos);
        BOOST_TEST(why.find("sesame") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(othersAreRefused) {
    const std::vector<std::string> texts{
        "",
        "cache:6379",
        "http://cache",
        "REDIS://cache",
        "redis://",
        "redis://:6379",
        "redis:///3",
        "redis://cache:",
        "redis://cache:0",
        "redis://cache:65536",
        "redis://cache:6379:1",
        "redis://cache/x",
        "redis://cache/-1",
        "redis://cache/99999999999",
        "redis://cache/1/2",
        "redis://cache?db=1",
        "redis://ca che",
        "redis://[::1",
        "redis://[::1]7000",
        "redis://[cache]",
        "redis://::1",
        "unix://",
        "unix:///",
        "unix://run/redis.sock",
        "unix:///run/",
        "unix:///run/redis.sock?",
        "unix:///run/redis.sock?db=",
        "unix:///run/redis.sock?db=x",
        "unix:///run/redis.sock?user=x",
        "unix:///run/a\nb",
        "unix:///" + std::string(107, 'a'),
    };
    for (const auto& text : texts)
        BOOST_TEST(faultOf(text).rfind("must ", 0) == 0U);
    BOOST_TEST(parsed("unix:///" + std::string(106, 'a')).host.size() == 107U);
}

BOOST_AUTO_TEST_SUITE_END()
