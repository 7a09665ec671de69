#include "changebank/security/token/UnverifiedToken.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Base64Url.h"

using namespace changebank;
using namespace changebank::security;

namespace {

std::string tokenOf(const std::string& header, const std::string& encodedPayload) {
    return encodeBase64Url(header) + "." + encodedPayload + ".AAAA";
}

UnverifiedToken parsed(const std::string& token) {
    return std::get<UnverifiedToken>(UnverifiedToken::parse(token));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(UnverifiedTokenTest)

BOOST_AUTO_TEST_CASE(theClaimsAreThoseOfThePayload) {
    const auto token = parsed(tokenOf(R"({"alg":"RS256"})", encodeBase64Url(R"({"iss":"x"})")));
    BOOST_TEST(token.payload.value() == R"({"iss":"x"})");
    BOOST_TEST(*token.claim("iss")->string() == "x");
    BOOST_TEST((token.claim("aud") == nullptr));
}

BOOST_AUTO_TEST_CASE(aPayloadThatCannotBeReadHasNoClaims) {
    const auto notJson = parsed(tokenOf(R"({"alg":"RS256"})", encodeBase64Url("x")));
    BOOST_TEST(notJson.payload.value() == "x");
    BOOST_TEST(!notJson.claims.has_value());
    BOOST_TEST((notJson.claim("iss") == nullptr));
    const auto notBase64 = parsed(tokenOf(R"({"alg":"RS256"})", "!"));
    BOOST_TEST(!notBase64.payload.has_value());
    BOOST_TEST(!notBase64.claims.has_value());
    const auto notEncoded = parsed(tokenOf(R"({"alg":"RS256","b64":false,"crit":["b64"]})", "e30"));
    BOOST_TEST(!notEncoded.payload.has_value());
}

BOOST_AUTO_TEST_CASE(whatIsNoTokenIsRefused) {
    const auto refused = UnverifiedToken::parse("abc");
    BOOST_TEST((std::get<Refusal>(refused).cause == Cause::notCompact));
}

BOOST_AUTO_TEST_SUITE_END()
