#include "changebank/daemon/admin/RevocationRequest.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::security::Revocation;

namespace {

constexpr std::chrono::system_clock::time_point now{1'790'000'000s + 999ms};

Revocation readFrom(const std::string& body) {
    const auto read = revocationOf(body, now);
    BOOST_REQUIRE(std::holds_alternative<Revocation>(read));
    return std::get<Revocation>(read);
}

std::string faultOf(const std::string& body) {
    const auto read = revocationOf(body, now);
    const auto* bad = std::get_if<BadValue>(&read);
    return bad == nullptr ? "" : bad->why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationRequestTest)

BOOST_AUTO_TEST_CASE(aRevocationConcernsTheTokensUpToNow) {
    BOOST_TEST((readFrom(R"({"user":"u"})") ==
                Revocation{.user = "u", .issuedUpTo = 1'790'000'000, .reason = "changebankctl"}));
}

BOOST_AUTO_TEST_CASE(everyIdAndTheReasonAreRead) {
    BOOST_TEST((
        readFrom(R"({"user":"u","application":"a","reason":"stolen laptop"})") ==
        Revocation{.user = "u", .application = "a", .issuedUpTo = 1'790'000'000, .reason = "stolen laptop"}));
    BOOST_TEST(readFrom(R"({"session":"s"})").session == "s");
    BOOST_TEST(readFrom(R"({"application":"a","tenant":"t"})").tenant == "t");
}

BOOST_AUTO_TEST_CASE(whatIsNotAnObjectIsAFault) {
    for (const auto* body : {"", "null", "[]", "\"user\"", "{\"user\":\"u\"", "{\"user\":\"u\"} x",
                             R"({"user":"u","user":"v"})"})
        BOOST_TEST(faultOf(body) == "the body is not a JSON object", body);
    BOOST_TEST(faultOf(R"({"user":")" + std::string(20'000, 'u') + R"("})") ==
               "the body is not a JSON object");
}

BOOST_AUTO_TEST_CASE(nothingIsGuessed) {
    BOOST_TEST(faultOf(R"({"users":"u"})") == R"(unknown member "users")");
    BOOST_TEST(faultOf(R"({"user":"u","issuedUpTo":1})") == R"(unknown member "issuedUpTo")");
    BOOST_TEST(faultOf(R"({"user":7})") == R"("user" is not a text)");
    BOOST_TEST(faultOf(R"({"user":null})") == R"("user" is not a text)");
}

BOOST_AUTO_TEST_CASE(aRevocationOfNothingOrOfTwoThingsIsAFault) {
    for (const auto* body : {"{}", R"({"user":""})", R"({"tenant":"t"})", R"({"session":"s","user":"u"})"})
        BOOST_TEST(faultOf(body).find("no revocation: ") == 0U, body);
    BOOST_TEST(!faultOf(R"({"user":")" + std::string(Revocation::maxIdSize + 1, 'u') + R"("})").empty());
}

BOOST_AUTO_TEST_SUITE_END()
