#include "changebank/security/jose/JsonWebKey.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <array>

#include "changebank/security/jose/KeyMaterial.h"

namespace changebank::security {

namespace {

/// Members that only a private or symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1).
constexpr std::array<std::string_view, 8> privateMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

/// A member that is null counts as absent, as in jose.
const Json* memberOf(const Json& jwk, std::string_view name) {
    const auto* member = jwk.find(name);
    return member && !member->isNull() ? member : nullptr;
}

bool isForVerifying(const Json& operations) {
    const auto* list = operations.array();
    return list && std::any_of(list->begin(), list->end(), [](const Json& operation) {
               return operation.string() && *operation.string() == "verify";
           });
}

/// Why the members that state the key's purpose forbid verification; empty if they allow it.
std::string_view unfitness(const Json& jwk) {
    if (!jwk.object()) return "not a JSON object";
    for (const auto name : privateMembers) {
        if (memberOf(jwk, name)) return "it has private or symmetric members";
    }
    if (const auto* use = memberOf(jwk, "use"); use && (!use->string() || *use->string() != "sig")) {
        return "\"use\" is not \"sig\"";
    }
    if (const auto* operations = memberOf(jwk, "key_ops"); operations && !isForVerifying(*operations)) {
        return "\"key_ops\" has no \"verify\"";
    }
    if (const auto* keyId = memberOf(jwk, "kid"); keyId && !keyId->string()) return "\"kid\" is not a string";
    if (const auto* algorithm = memberOf(jwk, "alg");
        algorithm && (!algorithm->string() || !algorithmNamed(*algorithm->string()))) {
        return "\"alg\" is not supported";
    }
    return {};
}

}  // namespace

JsonWebKey::Imported JsonWebKey::import(const Json& jwk) {
    if (const auto reason = unfitness(jwk); !reason.empty()) return Unusable{std::string(reason)};
    std::optional<Algorithm> algorithm;
    if (const auto* member = memberOf(jwk, "alg")) algorithm = algorithmNamed(*member->string());
    std::optional<std::string> keyId;
    if (const auto* member = memberOf(jwk, "kid")) keyId = *member->string();

    auto read = readKeyMaterial(jwk);
    if (const auto* reason = std::get_if<std::string>(&read)) return Unusable{*reason};
    auto& material = std::get<KeyMaterial>(read);
    if (algorithm && traitsOf(*algorithm).family != material.family) {
        return Unusable{"\"alg\" does not fit the key's type or curve"};
    }
    return make(std::move(keyId), algorithm, material.family, std::move(material.key));
}

JsonWebKey::Imported JsonWebKey::importHolderKey(const Json& jwk, Algorithm algorithm) {
    auto read = readKeyMaterial(jwk, KeyCheck::form);
    if (const auto* reason = std::get_if<std::string>(&read)) return Unusable{*reason};
    auto& [key, family] = std::get<KeyMaterial>(read);
    if (EVP_PKEY_get_bits(key.get()) > maxHolderModulusBits)
        return Unusable{"the modulus is above 4096 bits"};
    if (traitsOf(algorithm).family != family)
        return Unusable{"the algorithm does not fit the key's type or curve"};
    return make({}, algorithm, family, std::move(key));
}

bool JsonWebKey::isPublic(const Json& jwk) {
    return unfitness(jwk).empty() && std::none_of(privateMembers.begin(), privateMembers.end(),
                                                  [&jwk](std::string_view name) { return jwk.find(name); });
}

JsonWebKey::Imported JsonWebKey::make(std::optional<std::string> keyId, std::optional<Algorithm> algorithm,
                                      KeyFamily family, EvpKey key) {
    try {
        return std::shared_ptr<const JsonWebKey>(
            new JsonWebKey(std::move(keyId), algorithm, family, std::move(key)));
    } catch (const Poco::RuntimeException& error) {
        return Unusable{error.message()};
    }
}

JsonWebKey::JsonWebKey(std::optional<std::string> keyId, std::optional<Algorithm> algorithm, KeyFamily family,
                       EvpKey key)
    : _keyId(std::move(keyId)), _algorithm(algorithm), _family(family), _bits(EVP_PKEY_get_bits(key.get())) {
    for (std::size_t i = 0; i < algorithmCount; ++i) {
        const auto candidate = static_cast<Algorithm>(i);
        if (traitsOf(candidate).family != family || (algorithm && *algorithm != candidate)) continue;
        _verifiers.emplace_back(candidate, *key);
    }
}

const SignatureVerifier* JsonWebKey::verifierFor(Algorithm algorithm) const noexcept {
    for (const auto& verifier : _verifiers) {
        if (verifier.algorithm() == algorithm) return &verifier;
    }
    return nullptr;
}

std::string_view nameOf(KeyFamily family) noexcept {
    switch (family) {
        case KeyFamily::rsa:
            return "RSA";
        case KeyFamily::p256:
            return "P-256";
        case KeyFamily::p384:
            return "P-384";
        case KeyFamily::p521:
            return "P-521";
        case KeyFamily::ed25519:
            return "Ed25519";
    }
    return "";
}

}  // namespace changebank::security
