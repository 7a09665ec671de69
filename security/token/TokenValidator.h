#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "changebank/base/system/Clock.h"
#include "changebank/security/keys/KeySource.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"
#include "changebank/security/token/VerifiedTokenCache.h"

namespace changebank::security {

/// The principal of an accepted token, or why it was refused.
using ValidationResult = std::variant<std::shared_ptr<const Principal>, Refusal>;

/// Verifies access tokens by a policy and the keys of a source, and caches those that passed. Usable from any
/// thread; takes no lock of its own.
class TokenValidator {
public:
    /// The cache may be nullptr, and validators may share one. Its entries are tied to `settingsGeneration`:
    /// validators with different policies or key sources need different ones.
    TokenValidator(TokenPolicy policy, std::shared_ptr<KeySource> keys,
                   std::shared_ptr<VerifiedTokenCache> cache, std::uint64_t settingsGeneration,
                   Clock& clock = Clock::system());

    /// The result for a token in the cache that passed under the current keys and settings; std::nullopt for
    /// others. Checks the token's times again. Takes less than a microsecond.
    std::optional<ValidationResult> lookUp(std::string_view token);

    /// The token was refused, but a fetch of the keys may change that.
    struct KeyFetchNeeded {
        FetchReason reason;
        /// The result under the keys of `generation`.
        Refusal refusal;
        std::uint64_t generation;
    };

    /// Verifies the signature and the claims and caches a good token. Never waits; takes ten microseconds or
    /// more.
    std::variant<ValidationResult, KeyFetchNeeded> verify(std::string_view token);

    /// Verifies again under other keys, if there are some by now; else waits for a fetch of the keys, at most
    /// as long as the key source allows (KeySource::refetch()). Under the same keys nothing is verified
    /// twice. `needed` is what verify() returned for the same token.
    ValidationResult fetchKeysAndVerify(std::string_view token, KeyFetchNeeded needed);

    using Joined = std::variant<std::unique_ptr<KeySource::Place>, ValidationResult>;

    /// Like fetchKeysAndVerify(), without waiting: returns the result if there is nothing to wait for, else a
    /// place among those who wait for a fetch (KeySource::join()). Once `ended` is called, or
    /// KeySource::maxWait() has passed, verifyAfterFetch() has the result.
    Joined joinFetch(std::string_view token, KeyFetchNeeded& needed, std::function<void()> ended);

    /// The result after the fetch that joinFetch() joined. Never waits.
    ValidationResult verifyAfterFetch(std::string_view token, const KeyFetchNeeded& needed);

    /// lookUp(), verify() and fetchKeysAndVerify() in turn, as far as needed. May wait.
    ValidationResult validate(std::string_view token);

    /// The key source, for readiness and Retry-After.
    const KeySource& keys() const noexcept { return *_keys; }

    const TokenPolicy& policy() const noexcept { return _policy; }

private:
    ValidationResult verifyUnder(const KeySnapshot& snapshot, std::string_view token);
    ValidationResult verifyUnderFetched(const KeySnapshot& snapshot, std::string_view token,
                                        const KeyFetchNeeded& needed);
    std::optional<ValidationResult> verifyUnderNewer(std::string_view token, KeyFetchNeeded& needed);

    TokenPolicy _policy;
    std::shared_ptr<KeySource> _keys;
    std::shared_ptr<VerifiedTokenCache> _cache;
    std::uint64_t _settingsGeneration;
    Clock& _clock;
};

}  // namespace changebank::security
