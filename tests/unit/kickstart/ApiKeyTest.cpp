#include "kickstart/ApiKey.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::ApiKey;

BOOST_AUTO_TEST_SUITE(ApiKeyTest)

BOOST_AUTO_TEST_CASE(MatchesTheWholeKeyAlone) {
    const ApiKey key("a-long-key");
    BOOST_TEST(key.matches("a-long-key"));
    for (const char* other : {"", "a-long-ke", "a-long-key ", "A-long-key", "Bearer a-long-key"}) {
        BOOST_TEST(!key.matches(other), other);
    }
}

BOOST_AUTO_TEST_CASE(PermitsEverythingUnlessItIsRestricted) {
    ApiKey key("key");
    BOOST_TEST(key.permits("/api/user", "DELETE"));
    key.restrictTo(ApiKey::Permissions{{"/api/user", {"GET", "POST"}}});
    BOOST_TEST(key.permits("/api/user", "GET"));
    BOOST_TEST(!key.permits("/api/user", "DELETE"));
    BOOST_TEST(!key.permits("/api/user/registration", "GET"));
    key.restrictTo(ApiKey::Permissions{});
    BOOST_TEST(!key.permits("/api/user", "GET"));
}

BOOST_AUTO_TEST_CASE(ComesBackFromItsDigest) {
    const auto key = ApiKey::ofDigest(ApiKey("key").digest());
    BOOST_TEST(key.matches("key"));
    BOOST_TEST(!key.matches("kez"));
    BOOST_TEST(!ApiKey::ofDigest("").matches(""));
}

BOOST_AUTO_TEST_SUITE_END()
