#include "changebank/kickstart/values/BodyReader.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using kickstart::BodyReader;
using kickstart::Errors;

namespace {

struct Fixture {
    Json body = *Json::parse(
        R"({"text":"x","empty":"","null":null,"id":"E9FDB985-9173-4e01-9d73-ac2d60d1dc8e","yes":true,"yesText":"true",)"
        R"("seven":7,"object":{"text":"y","number":1},"array":[1,2]})");
    Errors errors;
    BodyReader reader{body, "", errors};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(BodyReaderTest, Fixture)

BOOST_AUTO_TEST_CASE(ReadsEachKind) {
    BOOST_TEST(*reader.string("text") == "x");
    BOOST_TEST(reader.requiredString("text") == "x");
    BOOST_TEST(reader.uuid("id")->toText() == "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
    BOOST_TEST(*reader.boolean("yes"));
    BOOST_TEST(*reader.boolean("yesText"));
    BOOST_TEST(*reader.positive("seven") == 7);
    BOOST_TEST(reader.array("array").size() == 2U);
    BOOST_TEST(*reader.object("object").string("text") == "y");
    BOOST_TEST(reader.has("text"));
    BOOST_TEST(errors.empty());
}

BOOST_AUTO_TEST_CASE(AbsentAndNullAddNoError) {
    for (const char* name : {"absent", "null"}) {
        BOOST_TEST(!reader.has(name));
        BOOST_TEST(!reader.string(name));
        BOOST_TEST(!reader.uuid(name));
        BOOST_TEST(!reader.boolean(name));
        BOOST_TEST(!reader.positive(name));
        BOOST_TEST(reader.array(name).empty());
        BOOST_TEST(!reader.object(name).string("text"));
    }
    BOOST_TEST(errors.empty());
}

BOOST_AUTO_TEST_CASE(WrongTypeAddsAnErrorUnderItsPath) {
    BOOST_TEST(!reader.string("seven"));
    BOOST_TEST(!reader.uuid("text"));
    BOOST_TEST(!reader.boolean("text"));
    BOOST_TEST(!reader.positive("text"));
    BOOST_TEST(reader.array("text").empty());
    BOOST_TEST(!reader.object("text").string("text"));
    BOOST_TEST(!reader.object("object").string("number"));
    BOOST_TEST(errors.toText() ==
               "seven: must be a string; text: must be a UUID; text: must be true or false; text: must be a "
               "whole number from 1 to 2147483647; text: must be an array; text: must be an object; "
               "object.number: must be a string");
}

BOOST_AUTO_TEST_CASE(RequiredStringMustBePresentAndNotEmpty) {
    BOOST_TEST(reader.requiredString("empty").empty());
    BOOST_TEST(reader.requiredString("absent").empty());
    BOOST_TEST(reader.requiredString("seven").empty());
    BOOST_TEST(errors.toText() == "empty: is required; absent: is required; seven: must be a string");
}

BOOST_AUTO_TEST_CASE(PositiveNumberMustBeWholeAndInRange) {
    const auto numbers = *Json::parse(R"({"a":0,"b":-1,"c":1.5,"d":1e3,"e":99999999999999999999,"f":"7"})");
    const BodyReader other(numbers, "n", errors);
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
        BOOST_TEST(!other.positive(name), name);
    }
}

BOOST_AUTO_TEST_CASE(BodyThatIsNotAnObjectHasNoMembers) {
    const Json nothing;
    BOOST_TEST(!BodyReader(nothing, "", errors).has("text"));
    BOOST_TEST(errors.empty());
}

BOOST_AUTO_TEST_SUITE_END()
