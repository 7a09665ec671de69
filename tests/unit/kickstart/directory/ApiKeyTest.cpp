#include "changebank/kickstart/directory/ApiKey.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::ApiKey;

BOOST_AUTO_TEST_SUITE(ApiKeyTest)

BOOST_AUTO_TEST_CASE(MatchesOnlyTheWholeKey) {
    const ApiKey key("a-long-key");
    BOOST_TEST(key.matches("a-long-key"));
    for (const char* other : {"", "a-long-ke", "a-long-key ", "A-long-key", "Bearer a-long-key"}) {
        BOOST_TEST(!key.matches(other), other);
    }
}

BOOST_AUTO_TEST_SUITE_END()
