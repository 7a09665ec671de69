#include "changebank/security/dpop/DpopProof.h"

#include <Poco/String.h>

#include <utility>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/security/dpop/TargetUri.h"
#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "changebank/security/jose/NumericDate.h"

namespace changebank::security {

namespace {

Refusal about(Cause cause, std::string_view name) {
    return Refusal{cause, std::string(name)};
}

/// RFC 7515 section 4.1.9: a media type, without regard to case, whose "application/" may be left out.
bool isProofType(const Json* type) {
    if (!type || !type->string()) return false;
    const auto name = Poco::toLower(*type->string());
    return name == "dpop+jwt" || name == "application/dpop+jwt";
}

/// Whether a key is public and, by what it says of itself, for this algorithm.
bool fits(const Json& key, Algorithm algorithm) {
    if (!JsonWebKey::isPublic(key)) return false;
    const auto* own = key.find("alg");
    return !own || own->isNull() || algorithmNamed(*own->string()) == algorithm;
}

std::optional<Refusal> checkTexts(const Json& claims) {
    for (const auto name : {"jti", "htm", "htu"}) {
        const auto* claim = claims.find(name);
        if (!claim) return about(Cause::dpopClaimMissing, name);
        if (!claim->string() || claim->string()->empty()) return about(Cause::dpopClaimUnexpected, name);
    }
    if (const auto* nonce = claims.find("nonce"); nonce && !nonce->string())
        return about(Cause::dpopClaimUnexpected, "nonce");
    return std::nullopt;
}

}  // namespace

std::variant<DpopProof, Refusal> DpopProof::parse(std::string_view text, const AlgorithmSet& allowed) {
    if (text.size() > sizeLimit) return Refusal{Cause::dpopMalformed};
    auto parsed = CompactJws::parse(text);
    auto* jws = std::get_if<CompactJws>(&parsed);
    if (!jws || jws->isUnencoded()) return Refusal{Cause::dpopMalformed};
    const auto payload = decodeBase64Url(jws->encodedPayload());
    auto claims = payload ? Json::parse(*payload) : std::nullopt;
    auto signature = decodeBase64Url(jws->encodedSignature());
    if (!claims || !claims->object() || !signature) return Refusal{Cause::dpopMalformed};

    const auto& header = jws->header();
    if (!isProofType(header.find("typ"))) return about(Cause::dpopHeaderUnexpected, "typ");
    const auto algorithm = algorithmNamed(jws->algorithm());
    if (!algorithm || !allowed.contains(*algorithm)) return Refusal{Cause::dpopAlgorithmNotAllowed};
    const auto* key = header.find("jwk");
    auto thumbprint = key && fits(*key, *algorithm) ? security::keyThumbprint(*key) : std::nullopt;
    if (!thumbprint) return Refusal{Cause::dpopKeyInvalid};

    if (auto refusal = checkTexts(*claims)) return std::move(*refusal);
    const auto* issuedAt = claims->find("iat");
    if (!issuedAt) return about(Cause::dpopClaimMissing, "iat");
    const auto time = numericDateOf(*issuedAt);
    if (!time) return about(Cause::dpopClaimUnexpected, "iat");

    DpopProof proof;
    proof._algorithm = *algorithm;
    proof._keyThumbprint = std::move(*thumbprint);
    proof._issuedAt = *time;
    proof._signingInput = jws->signingInput();
    proof._signature = std::move(*signature);
    proof._claims = std::move(*claims);
    proof._header = std::move(*jws).header();
    return proof;
}

std::string_view DpopProof::nonce() const noexcept {
    const auto* nonce = _claims.find("nonce");
    return nonce ? std::string_view(*nonce->string()) : std::string_view();
}

std::optional<Refusal> DpopProof::checkTime(double now, std::chrono::seconds maxAge,
                                            std::chrono::seconds leeway) const {
    const auto skew = static_cast<double>(leeway.count());
    const auto oldest = now - static_cast<double>(maxAge.count()) - skew;
    if (!(_issuedAt >= oldest && _issuedAt <= now + skew)) return about(Cause::dpopTimestampFailed, "iat");
    if (const auto* expires = _claims.find("exp")) {
        const auto time = numericDateOf(*expires);
        if (!time || *time <= now - skew) return about(Cause::dpopTimestampFailed, "exp");
    }
    if (const auto* notBefore = _claims.find("nbf")) {
        const auto time = numericDateOf(*notBefore);
        if (!time || *time > now + skew) return about(Cause::dpopTimestampFailed, "nbf");
    }
    return std::nullopt;
}

std::optional<Refusal> DpopProof::checkTarget(std::string_view method, std::string_view uri) const {
    if (this->method() != method) return about(Cause::dpopClaimUnexpected, "htm");
    // Most clients write it in that form.
    if (this->uri() == uri) return std::nullopt;
    const auto target = targetUri(this->uri());
    if (!target || *target != uri) return about(Cause::dpopClaimUnexpected, "htu");
    return std::nullopt;
}

std::optional<Refusal> DpopProof::checkTokenHash(std::string_view token) const {
    const auto* hash = _claims.find("ath");
    if (!hash) return about(Cause::dpopClaimMissing, "ath");
    if (!hash->string() || *hash->string() != encodeBase64Url(sha256(token)))
        return about(Cause::dpopClaimUnexpected, "ath");
    return std::nullopt;
}

std::variant<std::shared_ptr<const JsonWebKey>, Refusal> DpopProof::importKey() const {
    auto imported = JsonWebKey::importHolderKey(*_header.find("jwk"), _algorithm);
    if (auto* key = std::get_if<std::shared_ptr<const JsonWebKey>>(&imported)) return std::move(*key);
    return Refusal{Cause::dpopKeyInvalid};
}

std::optional<Refusal> DpopProof::checkSignature(const JsonWebKey& key) const {
    const auto* verifier = key.verifierFor(_algorithm);
    if (!verifier || !verifier->verify(_signingInput, _signature))
        return Refusal{Cause::dpopSignatureInvalid};
    return std::nullopt;
}

}  // namespace changebank::security
