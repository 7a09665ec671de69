#include "changebank/handlers/routing/QueryParameter.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank;
using namespace changebank::handlers;

namespace {

/// The value of the parameter "total" in brackets, or why there is none.
std::string total(std::string_view query) {
    const auto value = queryParameter(query, "total");
    if (const auto* fault = std::get_if<ParameterFault>(&value))
        return *fault == ParameterFault::missing ? "missing" : "repeated";
    return "[" + std::get<std::string>(value) + "]";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(QueryParameterTest)

BOOST_AUTO_TEST_CASE(everyValueOfAParameterIsFound) {
    BOOST_TEST(total("") == "missing");
    BOOST_TEST(total("total=1.02") == "[1.02]");
    BOOST_TEST(total("a=b&total=1&c") == "[1]");
    BOOST_TEST(total("total=1&total=2") == "repeated");
    BOOST_TEST(total("total=1&total=2&total=3") == "repeated");
    BOOST_TEST(total("total") == "[]");
    BOOST_TEST(total("total=") == "[]");
    BOOST_TEST(total("total=1=2") == "[1=2]");
    BOOST_TEST(total("&&total=1&") == "[1]");
    BOOST_TEST(total("totals=1&tota=2&Total=3&total[]=4") == "missing");
}

BOOST_AUTO_TEST_CASE(namesAndValuesAreDecoded) {
    BOOST_TEST(total("total=%31%2e5") == "[1.5]");
    BOOST_TEST(total("%74otal=1") == "[1]");
    BOOST_TEST(total("total=1&%74otal=1") == "repeated");
    BOOST_TEST(total("total=+1") == "[ 1]");
    BOOST_TEST(total("total=%2B1") == "[+1]");
    BOOST_TEST(total("total=%") == "[%]");
    BOOST_TEST(total("total=%4") == "[%4]");
    BOOST_TEST(total("total=%zz1") == "[%zz1]");
    BOOST_TEST(total("total=1%26total=2") == "[1&total=2]");
}

BOOST_AUTO_TEST_SUITE_END()
