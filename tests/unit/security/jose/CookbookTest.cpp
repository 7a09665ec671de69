#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/jose/JwsVerification.h"

using namespace changebank;
using namespace changebank::security;

namespace {

/// One example of the JOSE cookbook (RFC 7520, RFC 8037, RFC 7797).
Json vectorNamed(const std::string& name) {
    std::ifstream file(CHANGEBANK_SOURCE_DIR "/tests/vectors/rfc7520/" + name + ".json");
    BOOST_REQUIRE_MESSAGE(file.good(), name);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    return Json::parse(text).value();
}

/// The public half of a vector's key, as a key set would publish it.
std::string publicKeyOf(const Json& vector) {
    Json::Object members;
    for (const auto& [name, value] : *vector.find("input")->find("key")->object()) {
        const bool isPrivate = std::string(" d p q dp dq qi k ").find(" " + name + " ") != std::string::npos;
        if (!isPrivate) members.emplace_back(name, value);
    }
    return Json(std::move(members)).toText();
}

std::variant<VerifiedJws, Refusal> verify(const Json& vector, const std::string& token) {
    const auto keys = JwkSet::parse("{\"keys\":[" + publicKeyOf(vector) + "]}");
    return verifyJws(token, *std::get<std::shared_ptr<const JwkSet>>(keys), AlgorithmSet::all());
}

std::string compactOf(const Json& vector) {
    return *vector.find("output")->find("compact")->string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(CookbookTest)

BOOST_AUTO_TEST_CASE(compactTokensVerify) {
    for (const char* name : {"jws/4_1.rsa_v15_signature", "jws/4_2.rsa-pss_signature",
                             "jws/4_3.ecdsa_signature", "curve25519/jws"}) {
        const auto vector = vectorNamed(name);
        const auto verified = verify(vector, compactOf(vector));
        BOOST_REQUIRE_MESSAGE(std::holds_alternative<VerifiedJws>(verified), name);
        BOOST_TEST(std::get<VerifiedJws>(verified).payload ==
                   *vector.find("input")->find("payload")->string());
    }
}

BOOST_AUTO_TEST_CASE(symmetricTokensAreRefused) {
    const auto vector = vectorNamed("jws/4_4.hmac-sha2_integrity_protection");
    BOOST_TEST((std::get<Refusal>(verify(vector, compactOf(vector))).cause == Cause::algorithmUnsupported));
}

BOOST_AUTO_TEST_CASE(detachedContentIsRefused) {
    for (const char* name : {"jws/4_1.rsa_v15_signature", "jws/4_3.ecdsa_signature", "curve25519/jws"}) {
        const auto vector = vectorNamed(name);
        auto token = compactOf(vector);
        const auto first = token.find('.');
        token.erase(first + 1, token.rfind('.') - first - 1);
        BOOST_TEST((std::get<Refusal>(verify(vector, token)).cause == Cause::signatureInvalid), name);
    }
    const auto vector = vectorNamed("jws/4_5.signature_with_detached_content");
    BOOST_TEST(std::holds_alternative<Refusal>(verify(vector, compactOf(vector))));
}

BOOST_AUTO_TEST_CASE(jsonSerializationsAreRefused) {
    for (const char* name : {"jws/4_1.rsa_v15_signature", "jws/4_6.protecting_specific_header_fields",
                             "jws/4_7.protecting_content_only", "jws/4_8.multiple_signatures"}) {
        const auto vector = vectorNamed(name);
        for (const char* form : {"json", "json_flat"}) {
            const auto* token = vector.find("output")->find(form);
            if (!token) continue;
            const auto parsed = CompactJws::parse(token->toText());
            BOOST_REQUIRE(std::holds_alternative<Refusal>(parsed));
            BOOST_TEST((std::get<Refusal>(parsed).cause == Cause::notCompact), name);
        }
    }
}

BOOST_AUTO_TEST_CASE(unencodedPayloadsAreRefused) {
    const auto vector = vectorNamed("rfc7797/hmac-sha2_b64_false");
    BOOST_TEST(std::holds_alternative<Refusal>(verify(vector, compactOf(vector))));
}

BOOST_AUTO_TEST_CASE(encryptionKeysAreNoKeysForSignatures) {
    const auto vector = vectorNamed("curve25519/ecdh-es");
    const auto* key = vector.find("input")->find("key");
    BOOST_REQUIRE(key != nullptr);
    BOOST_TEST(std::holds_alternative<JsonWebKey::Unusable>(JsonWebKey::import(*key)));
}

BOOST_AUTO_TEST_CASE(publishedKeysAreReadOrRefused) {
    for (const char* name : {"jwk/3_1.ec_public_key", "jwk/3_3.rsa_public_key"}) {
        BOOST_TEST(
            std::holds_alternative<std::shared_ptr<const JsonWebKey>>(JsonWebKey::import(vectorNamed(name))),
            name);
    }
    for (const char* name : {"jwk/3_2.ec_private_key", "jwk/3_4.rsa_private_key",
                             "jwk/3_5.symmetric_key_mac_computation", "jwk/3_6.symmetric_key_encryption"}) {
        BOOST_TEST(std::holds_alternative<JsonWebKey::Unusable>(JsonWebKey::import(vectorNamed(name))), name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
