#include "changebank/kickstart/api/Apis.h"

#include "tests/support/PrivatePem.h"
#include "tests/unit/kickstart/ProviderFixture.h"

using namespace changebank;

namespace {

struct Fixture : tests::ProviderFixture {
    tests::Answer generate(const std::string& key) {
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
    const auto response = call("POST", std::string("/api/key/generate/") + keyId,
                               R"({"key":{"algorithm":"RS256","length":2048,"name":"For tokens"}})");
    BOOST_REQUIRE_EQUAL(response.status, 200);
    const auto& key = *response.body->find("key");
    BOOST_TEST(*key.find("id")->string() == keyId);
    BOOST_TEST(*key.find("algorithm")->string() == "RS256");
    BOOST_TEST(*key.find("type")->string() == "RSA");
    BOOST_TEST(*key.find("name")->string() == "For tokens");
    BOOST_TEST(key.find("length")->number()->text == "2048");
    BOOST_TEST(key.find("insertInstant")->number()->text == "1790000000000");
    BOOST_TEST(response.body->toText().find("PRIVATE") == std::string::npos);

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
        const auto response = generate(R"({"name":"x","algorithm":")" + std::string(algorithm) + "\"}");
        BOOST_REQUIRE_EQUAL(response.status, 200);
        BOOST_TEST(*response.body->find("key")->find("type")->string() == "HMAC");
        BOOST_TEST(!response.body->find("key")->find("publicKey"));
        BOOST_TEST(!response.body->find("key")->find("secret"));
    }
    BOOST_TEST(publishedKeys() == 1U);
}

BOOST_AUTO_TEST_CASE(UnsupportedKeysGet400) {
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

BOOST_AUTO_TEST_CASE(DuplicateIdGets400) {
    createKey("ES256");
    BOOST_TEST(onlyCode(call("POST", std::string("/api/key/generate/") + keyId,
                             R"({"key":{"algorithm":"ES256","name":"again"}})")) == "[duplicate]keyId");
    BOOST_TEST(publishedKeys() == 2U);
}

BOOST_AUTO_TEST_CASE(KeysAreShown) {
    createKey("ES256");
    const auto one = call("GET", std::string("/api/key/") + keyId);
    BOOST_TEST(textAt(*one.body, "key", "algorithm") == "ES256");
    BOOST_TEST(call("GET", std::string("/api/key/") + tellerId).status == 404);
    BOOST_TEST(callOpenly("GET", std::string("/api/key/") + keyId).status == 401);
}

BOOST_AUTO_TEST_CASE(AnImportedKeySigns) {
    const auto pem = tests::newPrivatePem("EC", "P-384");
    const auto imported =
        call("POST", std::string("/api/key/import/") + keyId,
             R"({"key":{"name":"x","algorithm":"ES384","privateKey":)" + quoteJson(pem) + "}}");
    BOOST_REQUIRE_EQUAL(imported.status, 200);
    createApplication();
    createTeller();
    BOOST_TEST(textAt(verified(textAt(loggedIn(), "token")).header, "kid") ==
               textAt(*imported.body, "key", "kid"));
    BOOST_TEST(imported.body->toText().find("PRIVATE") == std::string::npos);

    const auto hmac =
        call("POST", "/api/key/import",
             R"({"key":{"name":"y","algorithm":"HS256","secret":"a-shared-secret","kid":"k1"}})");
    BOOST_TEST(textAt(*hmac.body, "key", "kid") == "k1");
    BOOST_TEST(hmac.body->toText().find("a-shared-secret") == std::string::npos);
    BOOST_TEST(onlyCode(call("POST", "/api/key/import",
                             R"({"key":{"name":"z","algorithm":"HS256","secret":"b","kid":"k1"}})")) ==
               "[duplicate]key.kid");
    BOOST_TEST(onlyCode(call("POST", "/api/key/import", R"({"key":{"name":"z","algorithm":"HS256"}})")) ==
               "[blank]key.secret");
    BOOST_TEST(onlyCode(call("POST", "/api/key/import",
                             R"({"key":{"name":"z","algorithm":"RS256","privateKey":)" + quoteJson(pem) +
                                 "}}")) == "[invalid]key.privateKey");
}

BOOST_AUTO_TEST_CASE(AKeyRotates) {
    createKey("ES256");
    createApplication();
    createTeller();
    const auto old = textAt(loggedIn(), "token");
    recordEvents();
    const auto next = textAt(*generate(R"({"name":"next","algorithm":"ES256"})").body, "key", "id");
    const auto application = std::string("/api/application/") + applicationId;
    const auto key = std::string("/api/key/") + keyId;
    BOOST_TEST(onlyCode(call("DELETE", key)) == "[inUse]keyId");
    call("PATCH", application,
         R"({"application":{"jwtConfiguration":{"accessTokenKeyId":")" + next + "\"}}}");
    const auto fresh = textAt(loggedIn(), "token");
    BOOST_TEST(textAt(verified(old).header, "kid") != textAt(verified(fresh).header, "kid"));
    BOOST_REQUIRE_EQUAL(events.size(), 1U);
    BOOST_TEST(textAt(told(events[0]), "type") == "jwt.public-key.update");
    BOOST_TEST(textAt(told(events[0]), "applicationIds") == "[\"" + std::string(applicationId) + "\"]");
    BOOST_TEST(publishedKeys() == 3U);
    BOOST_TEST(call("DELETE", key).status == 200);
    BOOST_TEST(publishedKeys() == 2U);
    BOOST_TEST(callAs(old, "GET", "/api/jwt/validate").status == 401);
    BOOST_TEST(callAs(fresh, "GET", "/api/jwt/validate").status == 200);
    BOOST_TEST(call("DELETE", key).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
