#pragma once

#include <cstdint>
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

/// A judged token: who is calling, or why not.
using Verdict = std::variant<std::shared_ptr<const Principal>, Refusal>;

/// Judges access tokens by a policy and the keys of a source, and remembers those that passed. Usable from
/// any thread; takes no lock of its own.
class TokenValidator {
public:
    /// The cache may be nullptr, and may be shared between the validators of successive settings: what it
    /// remembers is tied to `settingsGeneration`, so that a verdict under other settings is never used.
    TokenValidator(TokenPolicy policy, std::shared_ptr<KeySource> keys,
                   std::shared_ptr<VerifiedTokenCache> cache, std::uint64_t settingsGeneration,
                   Clock& clock = Clock::system());

    /// The verdict on a token that passed before under the keys and settings of now, in less than a
    /// microsecond; std::nullopt for others.
    std::optional<Verdict> recall(std::string_view token);

    /// A verdict that a fetch of the keys may change.
    struct Undecided {
        FetchReason reason;
        /// The verdict under the keys of that generation.
        Refusal refusal;
        std::uint64_t generation;
    };

    /// Verifies without ever waiting, for some ten microseconds or more.
    std::variant<Verdict, Undecided> verify(std::string_view token);

    /// Waits for a fetch of the keys, at most as long as the key source allows, and verifies under the new
    /// keys if there are some.
    Verdict decide(std::string_view token, const Undecided& undecided);

    /// All three, one after the other.
    Verdict validate(std::string_view token);

    /// The key source, for readiness and Retry-After.
    const KeySource& keys() const noexcept { return *_keys; }

    const TokenPolicy& policy() const noexcept { return _policy; }

private:
    Verdict judge(std::string_view token, const KeySnapshot& snapshot);

    TokenPolicy _policy;
    std::shared_ptr<KeySource> _keys;
    std::shared_ptr<VerifiedTokenCache> _cache;
    std::uint64_t _settingsGeneration;
    Clock& _clock;
};

}  // namespace changebank::security
