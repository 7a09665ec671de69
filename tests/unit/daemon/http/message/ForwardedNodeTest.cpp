#include "changebank/daemon/http/message/ForwardedNode.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

using changebank::http::ForwardedField;
using changebank::http::forwardedNode;
using changebank::http::takeLastMember;

namespace {

constexpr auto plain = ForwardedField::xForwardedFor;
constexpr auto standard = ForwardedField::forwarded;

std::string nodeOf(ForwardedField field, std::string_view member) {
    const auto node = forwardedNode(field, member);
    return node ? node->toString() : "none";
}

/// From the right, each in brackets.
std::string membersOf(ForwardedField field, std::string_view list) {
    std::string members;
    while (!list.empty())
        members.append("<").append(takeLastMember(field, list)).append(">");
    return members;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ForwardedNodeTest)

BOOST_AUTO_TEST_CASE(AListIsTakenFromTheRight) {
    for (const auto field : {plain, standard}) {
        BOOST_TEST(membersOf(field, "a") == "<a>");
        BOOST_TEST(membersOf(field, "a,b\t, c ,d") == "<d><c><b><a>");
        BOOST_TEST(membersOf(field, ",a, ,") == "<><><a>");
        BOOST_TEST(membersOf(field, "") == "");
    }
}

BOOST_AUTO_TEST_CASE(ACommaInAQuotedStringSeparatesNothing) {
    BOOST_TEST(membersOf(standard, R"(for=a;x="b,c", for="d,")") == R"(<for="d,"><for=a;x="b,c">)");
    BOOST_TEST(membersOf(standard, R"(x="a\",b", x="c\\", x="\\\",")") ==
               R"(<x="\\\","><x="c\\"><x="a\",b">)");
    BOOST_TEST(membersOf(plain, R"("a,b")") == R"(<b"><"a>)");
}

BOOST_AUTO_TEST_CASE(AnOpenQuoteDoesNotReachIntoLaterMembers) {
    for (const std::string garbage : {R"(for=")", R"(for="a)", R"(for="\)", R"(")", R"(x="","")"}) {
        std::string list = garbage + R"(, for="[2001:db8::1]";by="a,b")";
        std::string_view rest = list;
        BOOST_TEST(takeLastMember(standard, rest) == R"(for="[2001:db8::1]";by="a,b")", garbage);
        BOOST_TEST(rest == garbage);
    }
}

BOOST_AUTO_TEST_CASE(XForwardedForHasAddressesWithOrWithoutPorts) {
    BOOST_TEST(nodeOf(plain, "192.0.2.1") == "192.0.2.1:0");
    BOOST_TEST(nodeOf(plain, "192.0.2.1:4711") == "192.0.2.1:4711");
    BOOST_TEST(nodeOf(plain, "2001:db8::1") == "[2001:db8::1]:0");
    BOOST_TEST(nodeOf(plain, "[2001:db8::1]") == "[2001:db8::1]:0");
    BOOST_TEST(nodeOf(plain, "[2001:db8::1]:4711") == "[2001:db8::1]:4711");
    for (const auto* member : {"",
                               "unknown",
                               "_hidden",
                               "localhost",
                               "192.0.2",
                               "192.0.2.1:",
                               "192.0.2.1:x",
                               "192.0.2.1:65536",
                               "192.0.2.1:000080",
                               "192.0.2.1 4711",
                               "192.0.2.01",
                               "[192.0.2.1]",
                               "[2001:db8::1",
                               "2001:db8::1]",
                               "[2001:db8::1]4711",
                               "[2001:db8::1]:",
                               "[]",
                               "[",
                               "\"192.0.2.1\"",
                               "for=192.0.2.1",
                               "fe80::1%eth0"})
        BOOST_TEST(nodeOf(plain, member) == "none", member);
}

// RFC 7239 sections 4 and 6.
BOOST_AUTO_TEST_CASE(ForwardedHasAParameterFor) {
    BOOST_TEST(nodeOf(standard, "for=192.0.2.43") == "192.0.2.43:0");
    BOOST_TEST(nodeOf(standard, R"(For="[2001:db8:cafe::17]:4711")") == "[2001:db8:cafe::17]:4711");
    BOOST_TEST(nodeOf(standard, R"(FOR="[2001:db8::1]")") == "[2001:db8::1]:0");
    BOOST_TEST(nodeOf(standard, R"(for="192.0.2.43:47011")") == "192.0.2.43:47011");
    BOOST_TEST(nodeOf(standard, R"(for="192.0.2.43:_port")") == "192.0.2.43:0");
    BOOST_TEST(nodeOf(standard, R"(for="192.0.2.43")") == "192.0.2.43:0");
    BOOST_TEST(nodeOf(standard, R"(for="1\92.0.2.43")") == "192.0.2.43:0");
    BOOST_TEST(nodeOf(standard, "for=192.0.2.60;proto=http;by=203.0.113.43") == "192.0.2.60:0");
    BOOST_TEST(nodeOf(standard, "proto=http; by=203.0.113.43 ;\tfor=192.0.2.60") == "192.0.2.60:0");
    BOOST_TEST(nodeOf(standard, R"(host="a;for=1.2.3.4,\"";for=192.0.2.60;)") == "192.0.2.60:0");
}

BOOST_AUTO_TEST_CASE(WhatIsNoAddressInForwardedNamesNobody) {
    for (const auto* member : {"",
                               ";",
                               "for",
                               "for=",
                               "for=\"\"",
                               "for=unknown",
                               "for=_gazonk",
                               "proto=http",
                               "192.0.2.43",
                               "for=2001:db8::1",
                               "for=[2001:db8::1]",
                               R"(for="2001:db8::1")",
                               R"(for="[192.0.2.1]")",
                               "for=192.0.2.43:80",
                               "for =192.0.2.43",
                               "for= 192.0.2.43",
                               "for=192.0.2.43;for=192.0.2.43",
                               "for=192.0.2.43;For=192.0.2.44",
                               "for=192.0.2.43 proto=http",
                               R"(for="192.0.2.43)",
                               R"(for="192.0.2.43\)",
                               R"(for="192.0.2.43"x)",
                               "for=192.0.2.43;;proto=http",
                               "for=192.0.2.43;x",
                               R"(for="192.0.2.43:_")",
                               R"(for="192.0.2.43:_a:")",
                               R"(for="192.0.2.43:70000")",
                               "=192.0.2.43",
                               "xfor=192.0.2.43",
                               "for=192.0.2.43;=x",
                               "by=192.0.2.43"})
        BOOST_TEST(nodeOf(standard, member) == "none", member);
}

BOOST_AUTO_TEST_SUITE_END()
