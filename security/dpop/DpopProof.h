#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/jose/JsonWebKey.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// A well-formed DPoP proof (RFC 9449 section 4.2), of which nothing is verified. Each check is one of
/// section 4.3; DpopVerifier has them all, in the order that costs least. The views point into the parsed
/// text, which must outlive this object.
class DpopProof {
public:
    /// The maximum size of a proof, in bytes.
    static constexpr std::size_t sizeLimit = std::size_t{8} * 1024;

    /// Parses the value of the header field DPoP. Refusals, in this order: Cause::dpopMalformed for what is
    /// not a JWS with a JSON object as its payload, dpopHeaderUnexpected for a `typ` other than dpop+jwt,
    /// dpopAlgorithmNotAllowed, dpopKeyInvalid for a `jwk` that is no public key of a known type,
    /// dpopClaimMissing for `jti`, `htm`, `htu` and `iat`, dpopClaimUnexpected for a claim of the wrong type
    /// or an empty one.
    static std::variant<DpopProof, Refusal> parse(std::string_view text, const AlgorithmSet& allowed);

    /// The thumbprint of the proof's key.
    const std::string& keyThumbprint() const noexcept { return _keyThumbprint; }

    Algorithm algorithm() const noexcept { return _algorithm; }

    /// The claims jti, htm and htu as they are written, and iat in seconds since 1970.
    const std::string& id() const noexcept { return *_claims.find("jti")->string(); }
    const std::string& method() const noexcept { return *_claims.find("htm")->string(); }
    const std::string& uri() const noexcept { return *_claims.find("htu")->string(); }
    double issuedAt() const noexcept { return _issuedAt; }

    /// The claim nonce; empty if there is none.
    std::string_view nonce() const noexcept;

    /// The header and the claims, as JSON objects.
    const Json& header() const noexcept { return _header; }
    const Json& claims() const noexcept { return _claims; }

    /// Cause::dpopTimestampFailed unless the proof was made at most maxAge ago and not in the future; `exp`
    /// and `nbf` count if they are there. The leeway applies to all. `now` is in seconds since 1970.
    std::optional<Refusal> checkTime(double now, std::chrono::seconds maxAge,
                                     std::chrono::seconds leeway) const;

    /// Cause::dpopClaimUnexpected unless `htm` equals the method, with regard to case, and `htu` is the URI,
    /// which has the form of targetUri().
    std::optional<Refusal> checkTarget(std::string_view method, std::string_view uri) const;

    /// Cause::dpopClaimMissing or dpopClaimUnexpected unless `ath` is the hash of the access token.
    std::optional<Refusal> checkTokenHash(std::string_view token) const;

    /// The key of the proof, or Cause::dpopKeyInvalid; see JsonWebKey::importHolderKey(). Takes microseconds.
    std::variant<std::shared_ptr<const JsonWebKey>, Refusal> importKey() const;

    /// Cause::dpopSignatureInvalid unless the key, which has the proof's thumbprint, signed the proof.
    std::optional<Refusal> checkSignature(const JsonWebKey& key) const;

private:
    DpopProof() = default;

    Json _header;
    Json _claims;
    Algorithm _algorithm = Algorithm::es256;
    std::string _keyThumbprint;
    double _issuedAt = 0;
    std::string_view _signingInput;
    std::string _signature;
};

}  // namespace changebank::security
