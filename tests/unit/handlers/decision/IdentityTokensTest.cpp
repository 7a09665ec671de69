#include "changebank/handlers/decision/IdentityTokens.h"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TestKey.h"

using namespace changebank;
using namespace changebank::handlers;
using namespace changebank::security;
using namespace std::chrono_literals;
using changebank::tests::TestKey;

namespace {

std::shared_ptr<const TokenSigner> signerOf(KeyFamily family) {
    return std::make_shared<TokenSigner>(
        std::get<TokenSigner>(TokenSigner::fromPem(TestKey::shared(family).privatePem())));
}

struct Fixture {
    tests::ManualClock clock;
    std::shared_ptr<const TokenSigner> first = signerOf(KeyFamily::p256);
    std::shared_ptr<const TokenSigner> second = signerOf(KeyFamily::ed25519);
    IdentityTokens tokens{{.issuer = "https://gate.example.com",
                           .audience = "orders",
                           .lifetime = 45s,
                           .keys = {first, second}},
                          clock};
    Principal principal{.subject = "user-1",
                        .roles = {"clerk",
                                  "Fr\"\xC3\xBC"
                                  "hschicht"},
                        .tenant = "tenant",
                        .tokenId = "the caller's",
                        .claims = "{}",
                        .issuer = "https://issuer.example.com",
                        .scopes = {"orders:read", "orders:write"},
                        .permissions = {"refund"}};

    /// The payload, after its signature was verified with the published keys.
    std::string payloadOf(const std::string& token) const {
        const auto keys = std::get<0>(JwkSet::parse(tokens.keySet()));
        BOOST_REQUIRE(keys->keys().size() == 2U);
        const auto verified = verifyJws(token, *keys, AlgorithmSet::all());
        BOOST_REQUIRE(std::holds_alternative<VerifiedJws>(verified));
        return std::get<VerifiedJws>(verified).payload;
    }

    Json claimsOf(const std::string& token) const {
        auto claims = Json::parse(payloadOf(token));
        BOOST_REQUIRE(claims && claims->object());
        return std::move(*claims);
    }

    std::string claim(const std::string& token, const std::string& name) const {
        const auto claims = claimsOf(token);
        const auto* member = claims.find(name);
        return member ? member->toText() : "none";
    }

    std::string inSeconds(std::chrono::seconds later) const {
        const auto now = wholeSeconds(clock.wall());
        return std::to_string(static_cast<long long>(now) + later.count());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(IdentityTokensTest, Fixture)

BOOST_AUTO_TEST_CASE(aTokenSaysWhoIsCallingAndForWhom) {
    const auto token = tokens.tokenFor(principal);
    BOOST_TEST(claim(token, "iss") == R"("https://gate.example.com")");
    BOOST_TEST(claim(token, "aud") == R"("orders")");
    BOOST_TEST(claim(token, "sub") == R"("user-1")");
    BOOST_TEST(claim(token, "roles") ==
               "[\"clerk\",\"Fr\\\"\xC3\xBC"
               "hschicht\"]");
    BOOST_TEST(claim(token, "scope") == R"("orders:read orders:write")");
    BOOST_TEST(claim(token, "permissions") == R"(["refund"])");
    BOOST_TEST(claim(token, "subject_issuer") == R"("https://issuer.example.com")");
    BOOST_TEST(claimsOf(token).object()->size() == 10U);
}

BOOST_AUTO_TEST_CASE(itLivesFromNowForTheLifetime) {
    const auto token = tokens.tokenFor(principal);
    BOOST_TEST(claim(token, "iat") == inSeconds(0s));
    BOOST_TEST(claim(token, "exp") == inSeconds(45s));
    clock.advance(10s);
    BOOST_TEST(claim(tokens.tokenFor(principal), "exp") == inSeconds(45s));
}

BOOST_AUTO_TEST_CASE(itNeverOutlivesTheCallersToken) {
    const auto now = static_cast<double>(wholeSeconds(clock.wall()));
    for (const auto& [left, lifetime] :
         {std::pair(44.0, 44s), {1.0, 1s}, {44.9, 44s}, {45.0, 45s}, {46.0, 45s}}) {
        principal.acceptedUntil = now + left;
        BOOST_TEST(claim(tokens.tokenFor(principal), "exp") == inSeconds(lifetime), left);
    }
}

BOOST_AUTO_TEST_CASE(eachTokenHasAnIdOfItsOwn) {
    const auto id = claim(tokens.tokenFor(principal), "jti");
    BOOST_TEST(id.size() == 24U);
    BOOST_TEST(id != claim(tokens.tokenFor(principal), "jti"));
}

BOOST_AUTO_TEST_CASE(whatThePrincipalLacksIsEmptyAndTheSubjectIsLeftOut) {
    const auto token = tokens.tokenFor(Principal{});
    BOOST_TEST(claim(token, "sub") == "none");
    BOOST_TEST(claim(token, "roles") == "[]");
    BOOST_TEST(claim(token, "scope") == "\"\"");
    BOOST_TEST(claim(token, "permissions") == "[]");
}

BOOST_AUTO_TEST_CASE(theFirstKeySignsAndAllArePublished) {
    const auto keysOfFirst = std::get<0>(JwkSet::parse(tests::keySetOf({first->jwk()})));
    BOOST_TEST(std::holds_alternative<VerifiedJws>(
        verifyJws(tokens.tokenFor(principal), *keysOfFirst, AlgorithmSet::all())));
    BOOST_TEST(tokens.keySet() == tests::keySetOf({first->jwk(), second->jwk()}));
}

BOOST_AUTO_TEST_SUITE_END()
