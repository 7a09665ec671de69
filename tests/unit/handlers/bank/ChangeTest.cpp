#include "changebank/handlers/bank/Change.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"

using changebank::Json;
using changebank::handlers::Change;

namespace {

std::string twoDigits(unsigned number) {
    return {static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
}

/// The amount as JavaScript prints the number.
std::string shortest(unsigned cents) {
    std::string text = std::to_string(cents / 100) + "." + twoDigits(cents % 100);
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string jsonOf(const std::string& total) {
    const auto change = Change::parse(total);
    return change ? std::string(change->toJson().c_str()) : "refused";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ChangeTest)

BOOST_AUTO_TEST_CASE(everyAmountUpToAThousandDollarsIsExact) {
    for (unsigned cents = 0; cents <= 100'000; ++cents) {
        const auto text = std::to_string(cents / 100) + "." + twoDigits(cents % 100);
        const auto change = Change::parse(text);
        BOOST_REQUIRE_MESSAGE(change, text);
        BOOST_REQUIRE_EQUAL(change->cents(), cents);
        BOOST_REQUIRE_EQUAL(5 * change->nickels() + change->pennies(), cents);
        BOOST_REQUIRE_LT(change->pennies(), 5U);
        BOOST_REQUIRE_EQUAL(std::string(change->dollars().c_str()), shortest(cents));
    }
}

BOOST_AUTO_TEST_CASE(theAmountIsEchoedAsJavaScriptPrintsIt) {
    BOOST_TEST(jsonOf("1.02") == R"({"total":1.02,"nickels":20,"pennies":2})");
    BOOST_TEST(jsonOf("3.24") == R"({"total":3.24,"nickels":64,"pennies":4})");
    BOOST_TEST(jsonOf("1.00") == R"({"total":1,"nickels":20,"pennies":0})");
    BOOST_TEST(jsonOf("1.50") == R"({"total":1.5,"nickels":30,"pennies":0})");
    BOOST_TEST(jsonOf("0.05") == R"({"total":0.05,"nickels":1,"pennies":0})");
    BOOST_TEST(jsonOf("0.29") == R"({"total":0.29,"nickels":5,"pennies":4})");
    BOOST_TEST(jsonOf("0.15") == R"({"total":0.15,"nickels":3,"pennies":0})");
    BOOST_TEST(jsonOf("0") == R"({"total":0,"nickels":0,"pennies":0})");
}

BOOST_AUTO_TEST_CASE(aPointMayStandFirstOrLast) {
    BOOST_TEST(jsonOf(".5") == R"({"total":0.5,"nickels":10,"pennies":0})");
    BOOST_TEST(jsonOf("5.") == R"({"total":5,"nickels":100,"pennies":0})");
    BOOST_TEST(jsonOf(".07") == R"({"total":0.07,"nickels":1,"pennies":2})");
}

BOOST_AUTO_TEST_CASE(fractionsOfACentAreCutOff) {
    BOOST_TEST(jsonOf("1.029") == R"({"total":1.02,"nickels":20,"pennies":2})");
    BOOST_TEST(jsonOf("0.999999999999999999999999") == R"({"total":0.99,"nickels":19,"pennies":4})");
    BOOST_TEST(jsonOf("0.009") == R"({"total":0,"nickels":0,"pennies":0})");
}

BOOST_AUTO_TEST_CASE(leadingZerosAreDigits) {
    BOOST_TEST(jsonOf("00012.5") == R"({"total":12.5,"nickels":250,"pennies":0})");
    BOOST_TEST(jsonOf("0000000000001") == R"({"total":1,"nickels":20,"pennies":0})");
    BOOST_TEST(jsonOf("00000000000001") == "refused");
}

BOOST_AUTO_TEST_CASE(thirteenDigitsBeforeThePointAreTheLimit) {
    BOOST_TEST(jsonOf("9999999999999.99") ==
               R"({"total":9999999999999.99,"nickels":199999999999999,"pennies":4})");
    BOOST_TEST(jsonOf("10000000000000") == "refused");
    BOOST_TEST(jsonOf("99999999999999999999") == "refused");
}

/// The member as a reader sees it that has IEEE doubles only, as JSON.parse of JavaScript does, printed again
/// in the shortest form that gives the same double, as JSON.stringify does.
std::string readAsDouble(const Json& json, std::string_view name) {
    std::array<char, 64> buffer;
    const double number = std::strtod(json.find(name)->number()->text.c_str(), nullptr);
    const auto* end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::fixed).ptr;
    return std::string(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
}

BOOST_AUTO_TEST_CASE(readersWithDoublesGetEveryNumberExactly) {
    constexpr std::uint64_t highest = 999'999'999'999'999;
    std::mt19937_64 random(20261129);  // NOLINT: the same amounts each time
    std::vector<std::uint64_t> amounts{0, highest, highest - 1, highest - 99, highest / 2};
    for (int digits = 1; digits <= 15; ++digits) {
        std::uniform_int_distribution<std::uint64_t> upTo(
            0, static_cast<std::uint64_t>(std::pow(10, digits)) - 1);
        for (int i = 0; i < 2'000; ++i)
            amounts.push_back(upTo(random));
    }
    for (const auto cents : amounts) {
        const Change change(cents);
        const auto text = std::string(change.toJson().c_str());
        const auto json = Json::parse(text);
        BOOST_REQUIRE_MESSAGE(json, text);
        BOOST_REQUIRE_EQUAL(readAsDouble(*json, "total"), std::string(change.dollars().c_str()));
        BOOST_REQUIRE_EQUAL(readAsDouble(*json, "nickels"), std::to_string(change.nickels()));
        BOOST_REQUIRE_EQUAL(readAsDouble(*json, "pennies"), std::to_string(change.pennies()));
        BOOST_REQUIRE_EQUAL(Change::parse(std::string(change.dollars().c_str()))->cents(), cents);
    }
}

BOOST_AUTO_TEST_CASE(everythingElseIsRefused) {
    for (const std::string text :
         {"",     ".",    "..",   "1..2", "1.2.3",  "abc", "-1",       "+1",    " 1",   "1 ", "1e3",
          "1,02", "0x10", "1.0x", "1.-2", "\u0661", "NaN", "Infinity", "1_000", "1.\n", "$1"}) {
        BOOST_TEST(jsonOf(text) == "refused", "\"" << text << "\" was accepted");
    }
    BOOST_TEST(jsonOf(std::string("1\0", 2)) == "refused");
}

BOOST_AUTO_TEST_SUITE_END()
