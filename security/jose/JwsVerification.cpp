#include "changebank/security/jose/JwsVerification.h"

#include <utility>

#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

namespace {

/// True if jose would select a key at all: it looks at the first two letters of `alg`.
bool isOfKnownFamily(std::string_view algorithm) {
    const auto family = algorithm.substr(0, 2);
    return family == "RS" || family == "PS" || family == "ES" || family == "Ed";
}

/// What the token says about its key.
std::string keyNamedBy(const CompactJws& jws) {
    const auto keyId = jws.keyId();
    return (keyId ? "kid " + *keyId
                  : std::string(jws.hasInvalidKeyId() ? "a kid that is no string" : "no kid")) +
           ", alg " + jws.algorithm();
}

/// The key ids of a set, as many as a refusal can hold.
std::string keyIdsOf(const JwkSet& keys) {
    std::string text;
    for (const auto& key : keys.keys()) {
        text += (text.empty() ? "kid " : ", ") + key->keyId().value_or("(none)");
        if (text.size() > Refusal::maxEvidence) break;
    }
    return text;
}

std::variant<const SignatureVerifier*, Refusal> chooseVerifier(const CompactJws& jws, const JwkSet& keys,
                                                               const AllowedAlgorithms& allowed) {
    const auto badAlgorithm = [&](Cause cause, const AlgorithmSet& wanted) {
        return Refusal{cause}.withEvidence(wanted.toText(), jws.algorithm());
    };
    const auto badKey = [&](Cause cause) {
        return Refusal{cause}.withEvidence(keyIdsOf(keys), keyNamedBy(jws));
    };
    if (!isOfKnownFamily(jws.algorithm())) return badAlgorithm(Cause::algorithmUnsupported, allowed.all);
    const auto algorithm = algorithmNamed(jws.algorithm());
    if (algorithm && !allowed.all.contains(*algorithm))
        return badAlgorithm(Cause::algorithmNotAllowed, allowed.all);
    if (jws.hasInvalidKeyId()) return badKey(Cause::noMatchingKey);
    const auto keyId = jws.keyId();
    if (!algorithm) return badKey(keys.causeForUnknown(jws.algorithm(), keyId));
    const auto chosen = keys.select(*algorithm, keyId);
    if (const auto* cause = std::get_if<Cause>(&chosen)) return badKey(*cause);
    const auto& key = *std::get<const JsonWebKey*>(chosen);
    if (!key.algorithm() && !allowed.ofUntypedKeys.contains(*algorithm))
        return badAlgorithm(Cause::algorithmNotAllowed, allowed.ofUntypedKeys);
    return key.verifierFor(*algorithm);
}

}  // namespace

std::optional<Refusal> verifySignature(const CompactJws& jws, const JwkSet& keys,
                                       const AllowedAlgorithms& allowed) {
    const auto chosen = chooseVerifier(jws, keys, allowed);
    if (const auto* refusal = std::get_if<Refusal>(&chosen)) return *refusal;
    const auto& verifier = *std::get<const SignatureVerifier*>(chosen);
    const auto signature = decodeBase64Url(jws.encodedSignature());
    if (!signature || !verifier.verify(jws.signingInput(), *signature))
        return Refusal{Cause::signatureInvalid}.withEvidence("a signature by that key", keyNamedBy(jws));
    return std::nullopt;
}

std::variant<VerifiedJws, Refusal> verifyJws(std::string_view token, const JwkSet& keys,
                                             const AllowedAlgorithms& allowed) {
    auto parsed = CompactJws::parse(token);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    auto& jws = std::get<CompactJws>(parsed);
    if (auto refusal = verifySignature(jws, keys, allowed)) return std::move(*refusal);
    if (jws.isUnencoded()) return Refusal{Cause::payloadUnencoded};
    auto payload = decodeBase64Url(jws.encodedPayload());
    if (!payload) return Refusal{Cause::payloadNotBase64Url};
    return VerifiedJws{std::move(jws).header(), std::move(*payload)};
}

}  // namespace changebank::security
