#include "handlers/RequestTarget.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using changebank::handlers::RequestTarget;

namespace {

std::string pathOf(std::string_view target) {
    return RequestTarget(target).path();
}

/// The sole value of the parameter "total" in brackets.
std::string total(std::string_view target) {
    const auto value = RequestTarget(target).sole("total");
    return value ? "[" + *value + "]" : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RequestTargetTest)

BOOST_AUTO_TEST_CASE(caseAndOneTrailingSlashDoNotMatter) {
    BOOST_TEST(pathOf("/make-change") == "/make-change");
    BOOST_TEST(pathOf("/Make-CHANGE") == "/make-change");
    BOOST_TEST(pathOf("/make-change/") == "/make-change");
    BOOST_TEST(pathOf("/make-change/?total=1") == "/make-change");
    BOOST_TEST(pathOf("/") == "/");
    BOOST_TEST(pathOf("/?x") == "/");
}

BOOST_AUTO_TEST_CASE(otherSpellingsAreOtherPaths) {
    BOOST_TEST(pathOf("/make-change//") == "/make-change//");
    BOOST_TEST(pathOf("//make-change") == "//make-change");
    BOOST_TEST(pathOf("//") == "//");
    BOOST_TEST(pathOf("/%6dake-change") == "/%6dake-change");
    BOOST_TEST(pathOf("/make-change;x=1") == "/make-change;x=1");
    BOOST_TEST(pathOf("\\make-change") == "\\make-change");
    BOOST_TEST(pathOf("/./make-change") == "/./make-change");
    BOOST_TEST(pathOf("/x/../make-change") == "/x/../make-change");
    BOOST_TEST(pathOf("/make-change#x") == "/make-change#x");
    BOOST_TEST(pathOf("*") == "*");
    BOOST_TEST(pathOf("") == "");
}

BOOST_AUTO_TEST_CASE(theAbsoluteFormNamesTheSamePath) {
    BOOST_TEST(pathOf("http://localhost:3000/Panic/") == "/panic");
    BOOST_TEST(pathOf("HTTPS://example.com/make-change?total=1") == "/make-change");
    BOOST_TEST(pathOf("http://localhost:3000") == "/");
    BOOST_TEST(total("http://localhost/make-change?total=1") == "[1]");
    BOOST_TEST(pathOf("http://localhost?total=http://x/panic") == "");
    BOOST_TEST(pathOf("/livez?next=http://x/panic") == "/livez");
}

BOOST_AUTO_TEST_CASE(everyValueOfAParameterIsFound) {
    BOOST_TEST(total("/x") == "");
    BOOST_TEST(total("/x?") == "");
    BOOST_TEST(total("/x?total=1.02") == "[1.02]");
    BOOST_TEST(total("/x?a=b&total=1&c") == "[1]");
    BOOST_TEST(total("/x?total=1&total=2") == "");
    BOOST_TEST(total("/x?total") == "[]");
    BOOST_TEST(total("/x?total=") == "[]");
    BOOST_TEST(total("/x?total=1=2") == "[1=2]");
    BOOST_TEST(total("/x?&&total=1&") == "[1]");
    BOOST_TEST(total("/x?totals=1&tota=2&Total=3&total[]=4") == "");
}

BOOST_AUTO_TEST_CASE(parametersAreDecoded) {
    BOOST_TEST(total("/x?total=%31%2e5") == "[1.5]");
    BOOST_TEST(total("/x?%74otal=1") == "[1]");
    BOOST_TEST(total("/x?total=+1") == "[ 1]");
    BOOST_TEST(total("/x?total=%2B1") == "[+1]");
    BOOST_TEST(total("/x?total=%") == "[%]");
    BOOST_TEST(total("/x?total=%4") == "[%4]");
    BOOST_TEST(total("/x?total=%zz1") == "[%zz1]");
    BOOST_TEST(total("/x?total=1%26total=2") == "[1&total=2]");
}

BOOST_AUTO_TEST_SUITE_END()
