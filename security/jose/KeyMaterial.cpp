#include "changebank/security/jose/KeyMaterial.h"

#include <openssl/core_names.h>

#include <array>
#include <optional>

#include "changebank/base/text/Base64Url.h"
#include "changebank/security/jose/JsonWebKey.h"
#include "changebank/security/jose/WeakKeys.h"

namespace changebank::security {

namespace {

using Result = std::variant<KeyMaterial, std::string>;

/// The bytes of a base64url member; std::nullopt if it is missing, not a string, or not base64url.
std::optional<std::string> bytesOf(const Json& jwk, std::string_view name) {
    const auto* member = jwk.find(name);
    const auto* text = member ? member->string() : nullptr;
    return text ? decodeBase64Url(*text) : std::nullopt;
}

BigNumber numberOf(const std::string& bigEndian) {
    return BigNumber(BN_bin2bn(asBytes(bigEndian), static_cast<int>(bigEndian.size()), nullptr));
}

EvpKey build(const char* type, OSSL_PARAM* parameters) {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        return nullptr;
    }
    return EvpKey(key);
}

bool passesPublicCheck(EVP_PKEY& key) {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, &key, nullptr));
    return context && EVP_PKEY_public_check(context.get()) == 1;
}

Result readRsa(const Json& jwk, KeyCheck check) {
    const auto modulus = bytesOf(jwk, "n");
    if (!modulus) return "\"n\" is missing or not base64url";
    const auto exponent = bytesOf(jwk, "e");
    if (!exponent) return "\"e\" is missing or not base64url";

    // Check the length first: arithmetic on a number of megabytes would take long.
    constexpr std::size_t maxModulusBytes = JsonWebKey::maxModulusBits / 8 + 1;
    if (modulus->size() > maxModulusBytes) return "the modulus is above 8192 bits";
    constexpr std::size_t maxExponentBytes = JsonWebKey::maxExponentBits / 8 + 1;
    if (exponent->size() > maxExponentBytes) return "the exponent is above 64 bits";

    const auto n = numberOf(*modulus);
    const auto e = numberOf(*exponent);
    if (!n || !e) return "OpenSSL is out of memory";
    if (BN_num_bits(n.get()) < JsonWebKey::minModulusBits) return "the modulus is below 2048 bits";
    if (BN_num_bits(n.get()) > JsonWebKey::maxModulusBits) return "the modulus is above 8192 bits";
    if (!BN_is_odd(n.get())) return "the modulus is even";
    if (BN_num_bits(e.get()) > JsonWebKey::maxExponentBits) return "the exponent is above 64 bits";
    if (!BN_is_odd(e.get())) return "the exponent is even";
    if (BN_is_one(e.get())) return "the exponent is below 3";
    if (hasRocaFingerprint(*n)) return "the modulus has the ROCA fingerprint (CVE-2017-15361)";

    const ParameterBuilder builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
        return "OpenSSL is out of memory";
    }
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    auto key = parameters ? build("RSA", parameters.get()) : nullptr;
    if (!key || (check == KeyCheck::full && !passesPublicCheck(*key))) return "OpenSSL refuses the RSA key";
    return KeyMaterial{std::move(key), KeyFamily::rsa};
}

struct Curve {
    std::string_view name;
    const char* group;
    KeyFamily family;
    std::size_t coordinateSize;
};

constexpr std::array<Curve, 3> curves{{
    {"P-256", "prime256v1", KeyFamily::p256, 32},
    {"P-384", "secp384r1", KeyFamily::p384, 48},
    {"P-521", "secp521r1", KeyFamily::p521, 66},
}};

Result readElliptic(const Json& jwk, std::string_view curveName, KeyCheck check) {
    for (const auto& curve : curves) {
        if (curve.name != curveName) continue;
        const auto x = bytesOf(jwk, "x");
        const auto y = bytesOf(jwk, "y");
        if (!x || x->size() != curve.coordinateSize) return "\"x\" is missing or not of the curve's length";
        if (!y || y->size() != curve.coordinateSize) return "\"y\" is missing or not of the curve's length";
        const std::string point = '\x04' + *x + *y;
        const ParameterBuilder builder(OSSL_PARAM_BLD_new());
        if (!builder ||
            OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) != 1 ||
            OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                             point.size()) != 1) {
            return "OpenSSL is out of memory";
        }
        const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
        auto key = parameters ? build("EC", parameters.get()) : nullptr;
        if (!key || (check == KeyCheck::full && !passesPublicCheck(*key)))
            return "the point is not on the curve";
        return KeyMaterial{std::move(key), curve.family};
    }
    return "\"crv\" names a curve that is not supported";
}

Result readOctetKeyPair(const Json& jwk, std::string_view curveName) {
    constexpr std::size_t ed25519KeySize = 32;
    if (curveName != "Ed25519") return "\"crv\" names a curve that is not supported";
    const auto x = bytesOf(jwk, "x");
    if (!x || x->size() != ed25519KeySize) return "\"x\" is missing or not of the curve's length";
    if (isSmallOrderPoint(*x)) return "the point is of small order";
    if (!isEdwardsPoint(*x)) return "the point is not on the curve";
    EvpKey key(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, asBytes(*x), x->size()));
    if (!key) return "OpenSSL refuses the Ed25519 key";
    return KeyMaterial{std::move(key), KeyFamily::ed25519};
}

std::string_view textOf(const Json& jwk, std::string_view name) {
    const auto* member = jwk.find(name);
    const auto* text = member ? member->string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

}  // namespace

Result readKeyMaterial(const Json& jwk, KeyCheck check) {
    const ErrorQueueCleaner cleaner;
    const auto type = textOf(jwk, "kty");
    if (type == "RSA") return readRsa(jwk, check);
    if (type == "EC") return readElliptic(jwk, textOf(jwk, "crv"), check);
    if (type == "OKP") return readOctetKeyPair(jwk, textOf(jwk, "crv"));
    return "\"kty\" is missing or not supported";
}

}  // namespace changebank::security
