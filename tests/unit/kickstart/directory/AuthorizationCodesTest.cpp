#include "changebank/kickstart/directory/AuthorizationCodes.h"

#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::kickstart;

namespace {

constexpr std::int64_t start = 1'790'000'000'000;

AuthorizationGrant grantOf(const char* redirectUri) {
    return {Uuid::random(), Uuid::random(), redirectUri, "openid", "nonce", "", start};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AuthorizationCodesTest)

BOOST_AUTO_TEST_CASE(CodeFindsItsGrant) {
    AuthorizationCodes codes;
    const auto one = codes.issue(grantOf("http://localhost:3000"));
    const auto other = codes.issue(grantOf("http://localhost:3001"));
    BOOST_TEST(one.size() == 43U);
    BOOST_TEST(one != other);
    BOOST_TEST(codes.find(one, start)->redirectUri == "http://localhost:3000");
    BOOST_TEST(!codes.find("unknown", start));
    BOOST_TEST(!codes.find("", start));
}

BOOST_AUTO_TEST_CASE(CodeIsDeletedAfterItsRetention) {
    AuthorizationCodes codes;
    const auto code = codes.issue(grantOf("http://localhost:3000"));
    BOOST_TEST(codes.find(code, start + AuthorizationCodes::memory - 1));
    BOOST_TEST(!codes.find(code, start + AuthorizationCodes::memory));
}

BOOST_AUTO_TEST_SUITE_END()
