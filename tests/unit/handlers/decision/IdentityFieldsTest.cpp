#include "changebank/handlers/decision/IdentityFields.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank::handlers;
using changebank::security::Principal;

namespace {

/// The five values, one a line.
std::string identityOf(const Principal* principal, const std::string& token = "") {
    FakeResponse response;
    // What a handler may have left there.
    response.set("X-Auth-Subject", "old");
    setIdentity(response, principal, token);
    std::string text;
    for (const auto name : identityFields) {
        BOOST_TEST(response.has(std::string(name)), name);
        text += response.get(std::string(name), "none") + "\n";
    }
    BOOST_TEST(response.size() == identityFields.size());
    return text;
}

Principal principalOf(const std::string& subject, std::vector<std::string> roles = {},
                      std::vector<std::string> scopes = {}) {
    Principal principal;
    principal.subject = subject;
    principal.roles = std::move(roles);
    principal.scopes = std::move(scopes);
    principal.issuer = "https://id.example.com";
    return principal;
}

std::string subjectAs(const std::string& subject) {
    const auto principal = principalOf(subject);
    const auto text = identityOf(&principal);
    return text.substr(0, text.find('\n'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(IdentityFieldsTest)

BOOST_AUTO_TEST_CASE(allFiveAreSetInEveryCase) {
    const auto full = principalOf("ann", {"teller", "clerk"}, {"a:read", "a:write"});
    BOOST_TEST(identityOf(&full) == "ann\nhttps://id.example.com\nteller,clerk\na:read a:write\n\n");
    const Principal nothing;
    BOOST_TEST(identityOf(&nothing) == "\n\n\n\n\n");
    BOOST_TEST(identityOf(nullptr) == "\n\n\n\n\n");
}

BOOST_AUTO_TEST_CASE(aTokenStandsForAllOthers) {
    const auto full = principalOf("ann", {"teller"}, {"a:read"});
    BOOST_TEST(identityOf(&full, "a.b.c") == "\n\n\n\na.b.c\n");
}

BOOST_AUTO_TEST_CASE(namesAreEscapedSoThatTheyStayNames) {
    BOOST_TEST(subjectAs("\xC3\x96zdemir") == "%C3%96zdemir");
    BOOST_TEST(subjectAs("50%") == "50%25");
    BOOST_TEST(subjectAs(" a b ") == "%20a%20b%20");
    BOOST_TEST(subjectAs("a\r\nX-Auth-Roles: teller") == "a%0D%0AX-Auth-Roles:%20teller");
    BOOST_TEST(subjectAs(std::string("a\0b\x7F", 4)) == "a%00b%7F");
    BOOST_TEST(subjectAs("a,b;c=\"d\"\\~!") == "a,b;c=\"d\"\\~!");

    const auto tricky = principalOf("x", {"a,b", "c d", "%2C", "", "\xC3\xB6"}, {"a b", "c,d", "e%"});
    BOOST_TEST(identityOf(&tricky) ==
               "x\nhttps://id.example.com\na%2Cb,c%20d,%252C,,%C3%B6\na%20b c,d e%25\n\n");
}

BOOST_AUTO_TEST_SUITE_END()
