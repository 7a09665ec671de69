#include "changebank/daemon/revocation/StreamId.h"

#include <boost/test/unit_test.hpp>
#include <string>

using changebank::daemon::StreamId;

BOOST_AUTO_TEST_SUITE(StreamIdTest)

BOOST_AUTO_TEST_CASE(theTextIsAnIdAgain) {
    for (const std::string text : {"0-0", "1790000000000-7", "18446744073709551615-18446744073709551615"}) {
        const auto id = StreamId::parse(text);
        BOOST_REQUIRE(id.has_value());
        BOOST_TEST(id->toText() == text);
    }
}

BOOST_AUTO_TEST_CASE(othersAreRefused) {
    for (const std::string text :
         {"", "-", "1", "1-", "-1", "1-2-3", "1-x", "x-1", " 1-1", "1-1 ", "+1-1", "18446744073709551616-0"})
        BOOST_TEST(!StreamId::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(idsAreComparedAsNumbers) {
    BOOST_TEST((StreamId{9, 0} < StreamId{10, 0}));
    BOOST_TEST((StreamId{1, 9} < StreamId{1, 10}));
    BOOST_TEST((StreamId{1, 10} < StreamId{2, 0}));
    BOOST_TEST((StreamId() < StreamId{0, 1}));
}

BOOST_AUTO_TEST_SUITE_END()
