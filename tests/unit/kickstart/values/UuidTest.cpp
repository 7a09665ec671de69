#include "changebank/kickstart/values/Uuid.h"

#include <boost/test/unit_test.hpp>

using changebank::kickstart::Uuid;

BOOST_AUTO_TEST_SUITE(UuidTest)

BOOST_AUTO_TEST_CASE(ReadsEitherCaseAsLowerCase) {
    const auto id = Uuid::parse("E9FDB985-9173-4e01-9d73-AC2D60D1DC8E");
    BOOST_REQUIRE(id);
    BOOST_TEST(id->toText() == "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
    BOOST_TEST((id == Uuid::parse("e9fdb985-9173-4e01-9d73-ac2d60d1dc8e")));
}

BOOST_AUTO_TEST_CASE(RejectsOtherText) {
    for (const char* text : {"", "e9fdb985", "1-1-1-1-1", "e9fdb985-9173-4e01-9d73-ac2d60d1dc8",
                             "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e0", "g9fdb985-9173-4e01-9d73-ac2d60d1dc8e",
                             "e9fdb98509173-4e01-9d73-ac2d60d1dc8e", "e9fdb985-9173-4e01-9d73-ac2d60d1dc8-",
                             "{9fdb985-9173-4e01-9d73-ac2d60d1dc8e"}) {
        BOOST_TEST(!Uuid::parse(text), text);
    }
}

BOOST_AUTO_TEST_CASE(RandomOnesAreOfVersionFourAndDiffer) {
    const auto one = Uuid::random();
    const auto other = Uuid::random();
    BOOST_TEST((one != other));
    BOOST_TEST((Uuid::parse(one.toText()) == one));
    BOOST_TEST(one.toText()[14] == '4');
    BOOST_TEST((std::string("89ab").find(one.toText()[19]) != std::string::npos));
}

BOOST_AUTO_TEST_SUITE_END()
