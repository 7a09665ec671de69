#include "changebank/security/revocation/Revocation.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace changebank;
using namespace changebank::security;

namespace changebank::security {

std::ostream& operator<<(std::ostream& stream, const Revocation& revocation) {
    return stream << revocation.toJson();
}

}  // namespace changebank::security

namespace {

/// One of each kind.
const std::vector<Revocation> kinds{
    {.session = "s", .issuedUpTo = 1'790'000'000},
    {.user = "u", .issuedUpTo = 1'790'000'000},
    {.user = "u", .application = "a", .issuedUpTo = 1'790'000'000},
    {.application = "a", .issuedUpTo = 1'790'000'000},
    {.application = "a", .tenant = "t", .issuedUpTo = 1'790'000'000},
};

std::string faultOf(const Revocation& revocation) {
    return revocation.fault().value_or("none");
}

std::optional<Revocation> read(const std::string& text) {
    const auto json = Json::parse(text);
    BOOST_REQUIRE(json.has_value());
    return Revocation::fromJson(*json);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RevocationTest)

BOOST_AUTO_TEST_CASE(theKindsHaveNoFault) {
    for (const auto& revocation : kinds)
        BOOST_TEST(faultOf(revocation) == "none");
}

BOOST_AUTO_TEST_CASE(otherCombinationsOfIdsAreFaulty) {
    std::size_t good = 0;
    for (unsigned bits = 0; bits < 16; ++bits) {
        const auto id = [bits](unsigned bit) { return std::string((bits & bit) != 0 ? "x" : ""); };
        const Revocation revocation{.session = id(1), .user = id(2), .application = id(4), .tenant = id(8)};
        good += revocation.fault() ? 0U : 1U;
    }
    BOOST_TEST(good == kinds.size());
    BOOST_TEST(faultOf({}) == "it names no session, user or application");
    BOOST_TEST(faultOf({.tenant = "t"}) == "it names no session, user or application");
    BOOST_TEST(faultOf({.session = "s", .user = "u"}) == "a session goes with nothing else");
    BOOST_TEST(faultOf({.user = "u", .tenant = "t"}) == "a tenant goes with an application alone");
    BOOST_TEST(faultOf({.user = "u", .application = "a", .tenant = "t"}) ==
               "a tenant goes with an application alone");
}

BOOST_AUTO_TEST_CASE(textsAreBoundedAndCanBeShown) {
    struct Member {
        std::string name;
        std::function<Revocation(const std::string&)> with;
    };
    const std::vector<Member> members{
        {"session", [](const std::string& text) { return Revocation{.session = text}; }},
        {"user", [](const std::string& text) { return Revocation{.user = text}; }},
        {"application", [](const std::string& text) { return Revocation{.application = text}; }},
        {"tenant", [](const std::string& text) { return Revocation{.application = "a", .tenant = text}; }},
        {"reason", [](const std::string& text) { return Revocation{.user = "u", .reason = text}; }},
    };
    for (const auto& [name, with] : members) {
        BOOST_TEST(faultOf(with(std::string(256, 'x'))) == "none", name);
        BOOST_TEST(faultOf(with(std::string(257, 'x'))) == name + " is longer than 256 bytes");
        for (const char* shown : {" ", "\xC3\xBC", "\"\\", "\xF0\x9F\x98\x80", "a|b/c?d=e"})
            BOOST_TEST(faultOf(with(shown)) == "none", name << " " << shown);
        for (const std::string& hidden :
             {std::string("\n"), std::string("a\r\nb"), std::string("\x1B[31m"), std::string("\x7F"),
              std::string(1, '\0'), std::string("\xC2\x85"), std::string("\xE2\x80\xAE"), std::string("\xFF"),
              std::string("\xC3"), std::string("\xC0\x80"), std::string("\xED\xA0\x80")})
            BOOST_TEST(faultOf(with(hidden)) == name + " has characters that cannot be shown",
                       quoteJson(hidden));
    }
}

BOOST_AUTO_TEST_CASE(theInstantIsBetween1970And9999) {
    for (const std::int64_t good : {std::int64_t{0}, std::int64_t{1}, std::int64_t{253'402'300'799}})
        BOOST_TEST(faultOf({.user = "u", .issuedUpTo = good}) == "none", good);
    for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{253'402'300'800}, INT64_MIN, INT64_MAX})
        BOOST_TEST(
            faultOf({.user = "u", .issuedUpTo = bad}) == "issuedUpTo is not between the years 1970 and 9999",
            bad);
}

BOOST_AUTO_TEST_CASE(theKeyIsThatOfTheIds) {
    BOOST_TEST((kinds[0].key() == revocationKeyOfSession("s")));
    BOOST_TEST((kinds[1].key() == revocationKeyOfUser("u")));
    BOOST_TEST((kinds[2].key() == revocationKeyOfUser("u", "a")));
    BOOST_TEST((kinds[3].key() == revocationKeyOfApplication("a")));
    BOOST_TEST((kinds[4].key() == revocationKeyOfApplication("a", "t")));
    auto other = kinds[1];
    other.issuedUpTo = 1;
    other.reason = "another";
    BOOST_TEST((other.key() == kinds[1].key()));
}

// A token with all claims is subject to each kind of revocation.
BOOST_AUTO_TEST_CASE(theKeyIsOneOfTheTokensThatItConcerns) {
    const auto claims =
        Json::parse(R"({"sid":"s","sub":"u","aud":["b","a"],"applicationId":"a","tid":"t"})").value();
    const auto keys = revocationKeysOf(claims, "u");
    for (const auto& revocation : kinds)
        BOOST_TEST(std::count(keys.begin(), keys.end(), revocation.key()) == 1, revocation);
}

BOOST_AUTO_TEST_CASE(itIsOneLineOfJson) {
    BOOST_TEST(kinds[0].toJson() == R"({"session":"s","issuedUpTo":1790000000})");
    BOOST_TEST(kinds[2].toJson() == R"({"user":"u","application":"a","issuedUpTo":1790000000})");
    auto explained = kinds[4];
    explained.reason = "by \"hand\"";
    BOOST_TEST(explained.toJson() ==
               R"({"application":"a","tenant":"t","issuedUpTo":1790000000,"reason":"by \"hand\""})");
}

BOOST_AUTO_TEST_CASE(whatIsWrittenIsRead) {
    for (auto revocation : kinds) {
        BOOST_TEST(read(revocation.toJson()).value() == revocation);
        revocation.reason = "\xC3\xBC \"\\/ \xF0\x9F\x98\x80";
        for (const std::int64_t instant : {std::int64_t{0}, Revocation::latestInstant}) {
            revocation.issuedUpTo = instant;
            BOOST_TEST(read(revocation.toJson()).value() == revocation);
        }
    }
    const Revocation longest{.user = std::string(256, '\\'),
                             .application = std::string(256, '"'),
                             .issuedUpTo = Revocation::latestInstant,
                             .reason = std::string(256, '\\')};
    BOOST_TEST(read(longest.toJson()).value() == longest);
}

BOOST_AUTO_TEST_CASE(membersMayBeInAnyOrder) {
    BOOST_TEST(read(R"({"reason":"r", "issuedUpTo":7 ,"application":"a","user":"\u0075"})").value() ==
               (Revocation{.user = "u", .application = "a", .issuedUpTo = 7, .reason = "r"}));
}

BOOST_AUTO_TEST_CASE(nothingElseIsRead) {
    BOOST_REQUIRE(read(R"({"user":"u","issuedUpTo":7})").has_value());
    for (const char* text : {
             "null",
             "[]",
             "7",
             R"("user")",
             "{}",
             R"({"user":"u"})",
             R"({"issuedUpTo":7})",
             R"([{"user":"u","issuedUpTo":7}])",
             // Other members, and other names of ours.
             R"({"user":"u","issuedUpTo":7,"x":1})",
             R"({"user":"u","issuedUpTo":7,"":""})",
             R"({"User":"u","issuedUpTo":7})",
             R"({"user":"u","issuedupto":7})",
             R"({"user ":"u","issuedUpTo":7})",
             R"({"user":"u","issuedUpTo":7,"issuedUpTo ":8})",
             // Other types.
             R"({"user":1,"issuedUpTo":7})",
             R"({"user":null,"application":"a","issuedUpTo":7})",
             R"({"user":["u"],"issuedUpTo":7})",
             R"({"user":"u","issuedUpTo":"7"})",
             R"({"user":"u","issuedUpTo":null})",
             R"({"user":"u","issuedUpTo":true})",
             R"({"user":"u","issuedUpTo":[7]})",
             R"({"user":"u","issuedUpTo":7,"reason":null})",
             // Empty members are left out.
             R"({"user":"","issuedUpTo":7})",
             R"({"user":"u","application":"","issuedUpTo":7})",
             R"({"user":"u","issuedUpTo":7,"reason":""})",
             // Numbers that are no integers, or not written as we write them.
             R"({"user":"u","issuedUpTo":7.0})",
             R"({"user":"u","issuedUpTo":7.5})",
             R"({"user":"u","issuedUpTo":7e0})",
             R"({"user":"u","issuedUpTo":1E9})",
             R"({"user":"u","issuedUpTo":-0})",
             R"({"user":"u","issuedUpTo":-7})",
             R"({"user":"u","issuedUpTo":253402300800})",
             R"({"user":"u","issuedUpTo":9223372036854775808})",
             R"({"user":"u","issuedUpTo":18446744073709551623})",
             R"({"user":"u","issuedUpTo":1e400})",
             // With a fault.
             R"({"session":"s","user":"u","issuedUpTo":7})",
             R"({"user":"u","tenant":"t","issuedUpTo":7})",
             R"({"tenant":"t","issuedUpTo":7})",
             R"({"user":"a\nb","issuedUpTo":7})",
             R"({"user":"a\u0000","issuedUpTo":7})",
             R"({"user":"\u202e","issuedUpTo":7})",
         }) {
        BOOST_TEST(!read(text).has_value(), text);
    }
    BOOST_TEST(!read(R"({"issuedUpTo":7,"user":")" + std::string(257, 'x') + "\"}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
