#include "changebank/security/jose/PublicJwk.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/security/jose/Pem.h"

namespace changebank::security {

namespace {

using Certificate = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;

EvpKey keyIn(const PemBlock& block) {
    const auto* in = asBytes(block.bytes);
    const auto size = static_cast<long>(block.bytes.size());
    if (block.name == PEM_STRING_PUBLIC) return EvpKey(d2i_PUBKEY(nullptr, &in, size));
    const Certificate certificate(d2i_X509(nullptr, &in, size));
    return EvpKey(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

/// A number of the key in base64url, padded with zero bytes to a minimum size; empty if there is none.
std::string number(const EVP_PKEY& key, const char* name, int minSize = 1) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(&key, name, &raw) != 1) return {};
    const BigNumber owner(raw);
    const int size = std::max(BN_num_bytes(raw), minSize);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(bytes.data()), size);
    return encodeBase64Url(bytes);
}

std::string rsaJwk(const EVP_PKEY& key) {
    return R"({"kty":"RSA","n":")" + number(key, OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
           number(key, OSSL_PKEY_PARAM_RSA_E) + "\"}";
}

std::string ed25519Jwk(const EVP_PKEY& key) {
    std::array<char, 32> bytes{};
    auto size = bytes.size();
    if (EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1)
        return {};
    return R"({"kty":"OKP","crv":"Ed25519","x":")" + encodeBase64Url({bytes.data(), size}) + "\"}";
}

struct NamedCurve {
    std::string_view group;
    std::string_view name;
    int coordinateSize;
};

std::string ellipticJwk(const EVP_PKEY& key) {
    static constexpr std::array<NamedCurve, 3> known{
        {{"prime256v1", "P-256", 32}, {"secp384r1", "P-384", 48}, {"secp521r1", "P-521", 66}}};
    std::array<char, 80> group{};
    if (EVP_PKEY_get_group_name(&key, group.data(), group.size(), nullptr) != 1) return {};
    for (const auto& curve : known) {
        if (curve.group != group.data()) continue;
        return R"({"kty":"EC","crv":")" + std::string(curve.name) + R"(","x":")" +
               number(key, OSSL_PKEY_PARAM_EC_PUB_X, curve.coordinateSize) + R"(","y":")" +
               number(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve.coordinateSize) + "\"}";
    }
    return {};
}

}  // namespace

std::string publicJwk(const EVP_PKEY& key) {
    const ErrorQueueCleaner cleaner;
    if (EVP_PKEY_is_a(&key, "RSA") == 1) return rsaJwk(key);
    if (EVP_PKEY_is_a(&key, "EC") == 1) return ellipticJwk(key);
    if (EVP_PKEY_is_a(&key, "ED25519") == 1) return ed25519Jwk(key);
    return {};
}

std::variant<std::string, NoPublicKey> jwkOfPem(std::string_view pem) {
    const ErrorQueueCleaner cleaner;
    if (pem.find("PRIVATE KEY-----") != std::string_view::npos)
        return NoPublicKey{"has a private key; write the public one with openssl pkey -pubout"};
    const auto blocks = pemBlocksIn(pem);
    if (blocks.empty()) return NoPublicKey{"has no complete PEM block"};
    const auto& block = blocks.front();
    if (block.name != PEM_STRING_PUBLIC && block.name != PEM_STRING_X509)
        return NoPublicKey{"has a PEM block " + inQuotes(block.name) +
                           ", which is neither PUBLIC KEY nor CERTIFICATE"};
    if (blocks.size() > 1) return NoPublicKey{"has several PEM blocks; several keys need a JWK set"};
    const auto key = keyIn(block);
    if (!key) return NoPublicKey{"has a PEM block that OpenSSL cannot read"};
    auto jwk = publicJwk(*key);
    if (jwk.empty())
        return NoPublicKey{
            "has a key that is neither RSA nor Ed25519 nor on the curves P-256, P-384 and P-521"};
    return jwk;
}

}  // namespace changebank::security
