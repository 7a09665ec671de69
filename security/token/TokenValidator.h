#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/security/keys/KeySource.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/revocation/RevocationList.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"
#include "changebank/security/token/UnverifiedToken.h"
#include "changebank/security/token/VerifiedTokenCache.h"

namespace changebank::security {

/// The principal of an accepted token, or why it was refused.
using ValidationResult = std::variant<std::shared_ptr<const Principal>, Refusal>;

/// An accepted token with what can be checked again, or why it was refused.
using VerificationResult = std::variant<std::shared_ptr<const VerifiedToken>, Refusal>;

/// An issuer whose tokens are accepted: its policy, and its keys, which verify tokens of no other issuer.
struct TrustedIssuer {
    /// What the operator calls it, for logs and metrics.
    std::string name;
    TokenPolicy policy;
    /// Never nullptr. Issuers may share one, such as the tenants of a FusionAuth.
    std::shared_ptr<KeySource> keys;
    /// Cached tokens are tied to it: an issuer with another policy or key source needs another number. No two
    /// issuers of one cache may have the same.
    std::uint64_t generation = 0;
};

/// Verifies access tokens by the policy and the keys of their issuer, and caches those that passed. A token's
/// claim `iss` chooses the issuer, by one exact look-up, before anything else of the token counts: an unknown
/// one costs neither a signature nor a fetch. A token whose issuer cannot be read gets the refusal that it
/// would get from the first issuer. With a single issuer there is nothing to choose, and `iss` is checked in
/// jose's order, behind the signature. Usable from any thread; takes no lock of its own.
class TokenValidator {
public:
    /// The cache may be nullptr, and validators may share one. `revocations` is asked at each use of a token;
    /// nullptr: none are revoked. Validators with and without it need other generations of their issuers.
    /// Throws Poco::InvalidArgumentException if there are no issuers, or two with the same policy.issuer.
    explicit TokenValidator(std::vector<TrustedIssuer> issuers,
                            std::shared_ptr<VerifiedTokenCache> cache = nullptr,
                            Clock& clock = Clock::system(),
                            std::shared_ptr<const RevocationList> revocations = nullptr);
    /// For one issuer alone.
    TokenValidator(TokenPolicy policy, std::shared_ptr<KeySource> keys,
                   std::shared_ptr<VerifiedTokenCache> cache = nullptr, std::uint64_t generation = 1,
                   Clock& clock = Clock::system(),
                   std::shared_ptr<const RevocationList> revocations = nullptr);
    TokenValidator(const TokenValidator&) = delete;
    TokenValidator& operator=(const TokenValidator&) = delete;

    /// The result for a token in the cache that passed under the current keys and settings; std::nullopt for
    /// others. Checks the token's times and revocations again. Takes less than a microsecond.
    std::optional<VerificationResult> lookUp(std::string_view token);

    /// The refusal if an accepted token has expired or was revoked since, or it is not known any more what is
    /// revoked: for callers that have waited. Takes less than a microsecond.
    std::optional<Refusal> checkAgain(const VerifiedToken& token) const;

    /// The token was refused, but a fetch of the keys may change that.
    struct KeyFetchNeeded {
        /// Valid as long as the validator.
        const TrustedIssuer* issuer;
        FetchReason reason;
        /// The result under the keys of `generation`.
        Refusal refusal;
        std::uint64_t generation;
    };

    /// Verifies the signature and the claims and caches a good token. Never waits; takes ten microseconds or
    /// more.
    std::variant<VerificationResult, KeyFetchNeeded> verify(std::string_view token);

    /// Verifies again under other keys, if there are some by now; else waits for a fetch of the keys, at most
    /// as long as the key source allows (KeySource::refetch()). Under the same keys nothing is verified
    /// twice. `needed` is what verify() returned for the same token.
    VerificationResult fetchKeysAndVerify(std::string_view token, KeyFetchNeeded needed);

    using Joined = std::variant<std::unique_ptr<KeySource::Place>, VerificationResult>;

    /// Like fetchKeysAndVerify(), without waiting: returns the result if there is nothing to wait for, else a
    /// place among those who wait for a fetch (KeySource::join()). Once `ended` is called, or
    /// KeySource::maxWait() of the issuer's keys has passed, verifyAfterFetch() has the result.
    Joined joinFetch(std::string_view token, KeyFetchNeeded& needed, std::function<void()> ended);

    /// The result after the fetch that joinFetch() joined. Never waits.
    VerificationResult verifyAfterFetch(std::string_view token, const KeyFetchNeeded& needed);

    /// lookUp(), verify() and fetchKeysAndVerify() in turn, as far as needed. May wait.
    ValidationResult validate(std::string_view token);

    /// The issuer by whose policy a token with these claims is judged, which are not verified, or nullptr if
    /// they cannot be read; nullptr if no issuer is known by their `iss`. Valid as long as the validator.
    const TrustedIssuer* issuerOf(const Json* claims) const;

    /// Whether it is known which tokens are revoked; no token is accepted otherwise.
    bool knowsRevocations() const noexcept { return !_revocations || _revocations->isAvailable(); }

    /// How long a caller should wait while it is not.
    static constexpr std::chrono::seconds revocationsRetryAfter{5};

    /// Whether tokens can be revoked.
    bool hasRevocations() const noexcept { return _revocations != nullptr; }

    /// In the order of the constructor; never empty.
    const std::vector<TrustedIssuer>& issuers() const noexcept { return _issuers; }

private:
    Refusal unknownIssuer(const UnverifiedToken& token) const;
    bool isCurrent(const Generation& generation) const noexcept;
    std::optional<Refusal> checkRevocation(const VerifiedToken& token) const;
    VerificationResult verifyUnder(const TrustedIssuer& issuer, const KeySnapshot& snapshot,
                                   std::string_view token, UnverifiedToken parsed);
    VerificationResult verifyUnderFetched(const KeySnapshot& snapshot, std::string_view token,
                                          const KeyFetchNeeded& needed);
    std::optional<VerificationResult> verifyUnderNewer(std::string_view token, KeyFetchNeeded& needed);

    const std::vector<TrustedIssuer> _issuers;
    /// The places of the issuers by TokenPolicy::issuer.
    std::unordered_map<std::string_view, std::size_t> _byName;
    const std::shared_ptr<VerifiedTokenCache> _cache;
    const VerifiedTokenCache::IsCurrent _isCurrent;
    Clock& _clock;
    const std::shared_ptr<const RevocationList> _revocations;
};

}  // namespace changebank::security
