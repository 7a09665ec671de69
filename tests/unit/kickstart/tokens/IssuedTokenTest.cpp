#include "changebank/kickstart/tokens/IssuedToken.h"

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/values/JsonValues.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;
using changebank::Json;

namespace {

struct Fixture : tests::ProviderFixture {
    static constexpr std::int64_t now = 1'790'000'000;

    std::shared_ptr<const kickstart::SigningKey> key(const char* algorithm) {
        createKey(algorithm);
        return provider.directory().read([](const kickstart::DirectoryState& state) {
            return state.keys.at(*kickstart::Uuid::parse(keyId)).key;
        });
    }

    bool isGood(const std::string& token) {
        return provider.directory().read([&](const kickstart::DirectoryState& state) {
            return kickstart::claimsOfIssuedToken(state, token, now).has_value();
        });
    }

    static Poco::JSON::Object claims(std::int64_t expiration = now + 1) {
        return jsonObject({{"sub", "x"}, {"exp", expiration}});
    }
};

/// The token with another header.
std::string withHeader(const std::string& token, const std::string& header) {
    return encodeBase64Url(header) + token.substr(token.find('.'));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(IssuedTokenTest, Fixture)

BOOST_AUTO_TEST_CASE(TokensOfEveryKeyPairAreValid) {
    for (const char* algorithm : {"RS256", "ES256", "ES384", "Ed25519"}) {
        Fixture other;
        const auto token = other.key(algorithm)->sign(claims());
        BOOST_TEST(other.isGood(token), algorithm);
        BOOST_TEST(!other.isGood(token.substr(0, token.size() - 2)), algorithm);
        BOOST_TEST(!isGood(token), algorithm);
    }
}

BOOST_AUTO_TEST_CASE(TheyExpireToTheSecond) {
    const auto signer = key("ES256");
    BOOST_TEST(isGood(signer->sign(claims(now + 1))));
    BOOST_TEST(!isGood(signer->sign(claims(now))));
    BOOST_TEST(!isGood(signer->sign(jsonObject({{"sub", "x"}}))));
}

// The public key of an RS256 key must never serve as the secret of HS256, nor a header without signature.
BOOST_AUTO_TEST_CASE(HeaderDoesNotChooseTheVerification) {
    const auto signer = key("RS256");
    const auto token = signer->sign(claims());
    const auto kid = signer->kid();
    BOOST_TEST(!isGood(withHeader(token, R"({"alg":"HS256","kid":")" + kid + "\"}")));
    BOOST_TEST(!isGood(withHeader(token, R"({"alg":"RS512","kid":")" + kid + "\"}")));
    BOOST_TEST(!isGood(withHeader(token, R"({"alg":"RS256"})")));
    const auto unsignedToken = withHeader(token, R"({"alg":"none","kid":")" + kid + "\"}");
    BOOST_TEST(!isGood(unsignedToken.substr(0, unsignedToken.rfind('.') + 1)));

    const auto forger =
        kickstart::SigningKey::ofSecret(kickstart::KeyAlgorithm::hs256, signer->publicPem(), kid);
    BOOST_TEST(!isGood(forger->sign(claims())));
}

BOOST_AUTO_TEST_SUITE_END()
