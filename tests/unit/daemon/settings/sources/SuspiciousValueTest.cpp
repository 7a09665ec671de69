#include "changebank/daemon/settings/sources/SuspiciousValue.h"

#include <boost/test/unit_test.hpp>

#include "changebank/daemon/settings/SettingDefinition.h"

using namespace changebank::daemon;

namespace {

std::string suspicion(std::string_view value) {
    return suspicionOf(value).value_or("");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SuspiciousValueTest)

BOOST_AUTO_TEST_CASE(quotationMarksAreSuspicious) {
    for (const auto* value : {"\"x\"", "'x'", "`x`", "\u201Cx\u201D", "\u201Ex\u201C", "\u00ABx\u00BB",
                              "\"a, b\"", "a, \"b\"", "'a','b'"})
        BOOST_TEST(suspicion(value).starts_with("the quotation marks are part of the value"), value);
}

BOOST_AUTO_TEST_CASE(aCommentBehindAValueIsSuspicious) {
    for (const auto* value : {"x # production", "x\t#y", "\"x\" # quoted"})
        BOOST_TEST(suspicion(value).starts_with("the text behind # is part of the value"), value);
}

BOOST_AUTO_TEST_CASE(aJsonListIsSuspicious) {
    for (const auto* value : {"[\"a\"]", "['a', 'b']", "[\"a\",\"b\"]"})
        BOOST_TEST(suspicion(value).starts_with("the brackets and quotation marks of a JSON list"), value);
}

BOOST_AUTO_TEST_CASE(aVariableIsSuspicious) {
    for (const auto* value : {"${ISSUER}", "https://{{ host }}/"})
        BOOST_TEST(suspicion(value).starts_with("variables in a value are not replaced"), value);
}

BOOST_AUTO_TEST_CASE(anInvisibleCharacterIsSuspicious) {
    for (const auto* value : {"x\u00A0", "x\u200By", "\uFEFFx", "\u202Ex", "\u2066x\u2069"})
        BOOST_TEST(suspicion(value).starts_with("an invisible character is part of the value"), value);
}

BOOST_AUTO_TEST_CASE(whatIsMeantIsNot) {
    for (const auto& definition : SettingTable::base().all())
        BOOST_TEST(suspicion(definition.defaultValue) == "", definition.key);
    for (const auto* value :
         {"https://h/a#b", "Call Center, O'Brien", "[::1]", "/var/log/a#b", "https://h/in?to={page}", "#"})
        BOOST_TEST(suspicion(value) == "", value);
}

BOOST_AUTO_TEST_SUITE_END()
