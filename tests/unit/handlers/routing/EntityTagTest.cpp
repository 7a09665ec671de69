#include "changebank/handlers/routing/EntityTag.h"

#include <Poco/Net/MessageHeader.h>

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank;
using namespace changebank::handlers;

namespace {

bool matches(const std::string& ifNoneMatch, const std::string& tag) {
    Poco::Net::MessageHeader header;
    header.add("if-none-match", ifNoneMatch);
    return hasEntityTag(header, tag);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(EntityTagTest)

BOOST_AUTO_TEST_CASE(aTagIsAQuotedDigestOfTheWholeContent) {
    // SHA-256 of nothing, FIPS 180-4.
    BOOST_TEST(entityTagOf("") == "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"");
    BOOST_TEST(entityTagOf("a") != entityTagOf("b"));
    BOOST_TEST(entityTagOf(std::string("a\0b", 3)) != entityTagOf(std::string("a\0c", 3)));
}

BOOST_AUTO_TEST_CASE(aListOfTagsIsSearchedByWeakComparison) {
    for (const char* list :
         {"\"x\"", "W/\"x\"", "\"a\", \"x\"", "\"a\",W/\"x\" , \"b\"", "*", " * ", ",,\"x\""})
        BOOST_TEST(matches(list, "\"x\""), list);
    for (const char* list : {"", "x", "\"X\"", "\"xx\"", "\"a\", \"b\"", "w/\"x\"", "\"*\"", "\"x", "**"})
        BOOST_TEST(!matches(list, "\"x\""), list);
}

BOOST_AUTO_TEST_CASE(everyFieldCounts) {
    Poco::Net::MessageHeader header;
    BOOST_TEST(!hasEntityTag(header, "\"x\""));
    header.add("If-None-Match", "\"a\"");
    header.add("If-None-Match", "\"x\"");
    BOOST_TEST(hasEntityTag(header, "\"x\""));
}

BOOST_AUTO_TEST_SUITE_END()
