#include "kickstart/KeyApi.h"

#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    kickstart::ApiAnswer generate(const std::string& key) {
        return call("POST", "/api/key/generate", R"({"key":)" + key + "}");
    }

    std::size_t publishedKeys() {
        return callOpenly("GET", "/.well-known/jwks.json").body->find("keys")->array()->size();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(KeyApiTest, Fixture)

BOOST_AUTO_TEST_CASE(AFreshInstallationHasOneKey) {
    BOOST_TEST(publishedKeys() == 1U);
}

BOOST_AUTO_TEST_CASE(AGeneratedKeyIsDescribedAndPublished) {
    const auto answer = call("POST", std::string("/api/key/generate/") + keyId,
                             R"({"key":{"algorithm":"RS256","length":2048,"name":"For tokens"}})");
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    const auto& key = *answer.body->find("key");
    BOOST_TEST(*key.find("id")->string() == keyId);
    BOOST_TEST(*key.find("algorithm")->string() == "RS256");
    BOOST_TEST(*key.find("type")->string() == "RSA");
    BOOST_TEST(*key.find("name")->string() == "For tokens");
    BOOST_TEST(key.find("length")->number()->text == "2048");
    BOOST_TEST(key.find("insertInstant")->number()->text == "1790000000000");
    BOOST_TEST(answer.body->toText().find("PRIVATE") == std::string::npos);

    BOOST_TEST(publishedKeys() == 2U);
    const auto keys = callOpenly("GET", "/.well-known/jwks.json").body->toText();
    BOOST_TEST(keys.find(*key.find("kid")->string()) != std::string::npos);
    BOOST_TEST(keys.find("\"d\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(EveryOfferedAlgorithmIsPublished) {
    for (const char* algorithm : {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "Ed25519"}) {
        BOOST_TEST(generate(R"({"name":"x","algorithm":")" + std::string(algorithm) + "\"}").status == 200);
    }
    BOOST_TEST(publishedKeys() == 8U);
}

BOOST_AUTO_TEST_CASE(AnHmacKeyIsNeverPublished) {
    for (const char* algorithm : {"HS256", "HS384", "HS512"}) {
        const auto answer = generate(R"({"name":"x","algorithm":")" + std::string(algorithm) + "\"}");
        BOOST_REQUIRE_EQUAL(answer.status, 200);
        BOOST_TEST(*answer.body->find("key")->find("type")->string() == "HMAC");
        BOOST_TEST(!answer.body->find("key")->find("publicKey"));
        BOOST_TEST(!answer.body->find("key")->find("secret"));
    }
    BOOST_TEST(publishedKeys() == 1U);
}

BOOST_AUTO_TEST_CASE(RefusesWhatItDoesNotOffer) {
    for (const char* algorithm : {"PS256", "EdDSA", "none", "rs256"}) {
        BOOST_TEST(onlyCode(generate(R"({"name":"x","algorithm":")" + std::string(algorithm) + "\"}")) ==
                   "[invalid]key.algorithm");
    }
    BOOST_TEST(onlyCode(generate(R"({"name":"x"})")) == "[blank]key.algorithm");
    BOOST_TEST(onlyCode(generate(R"({"algorithm":"ES256"})")) == "[blank]key.name");
    for (const char* length : {"1024", "2047", "8192"}) {
        BOOST_TEST(onlyCode(generate(R"({"name":"x","algorithm":"RS256","length":)" + std::string(length) +
                                     "}")) == "[invalid]key.length");
    }
    BOOST_TEST(publishedKeys() == 1U);
}

BOOST_AUTO_TEST_CASE(AnIdIsTakenOnce) {
    createKey("ES256");
    BOOST_TEST(onlyCode(call("POST", std::string("/api/key/generate/") + keyId,
                             R"({"key":{"algorithm":"ES256","name":"again"}})")) == "[duplicate]keyId");
    BOOST_TEST(publishedKeys() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
