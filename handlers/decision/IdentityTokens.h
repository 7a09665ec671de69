#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/security/jose/TokenSigner.h"
#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// Makes the short-lived tokens that tell an API behind a proxy who is calling, signed by us: `iss`, `aud`,
/// `sub` (none if the principal has no subject), `iat`, `exp`, `jti`, `roles` (an array), `scope`,
/// `permissions` (an array), and `subject_issuer`, the issuer of the caller's own token. Immutable, usable
/// from any thread.
class IdentityTokens {
public:
    struct Options {
        /// The claims `iss` and `aud`.
        std::string issuer;
        std::string audience;
        /// A token lives shorter if the caller's own ends before (Principal::acceptedUntil).
        std::chrono::seconds lifetime{30};
        /// One at least. The first one signs; the keys of all are published, so that a key can be replaced.
        std::vector<std::shared_ptr<const security::TokenSigner>> keys;
    };

    explicit IdentityTokens(Options options, Clock& clock = Clock::system());

    /// A new token. Takes some tens of microseconds with a key on P-256, twice that with Ed25519, and
    /// ten times and more with others, which are not for an event loop. Throws std::runtime_error if
    /// OpenSSL fails.
    std::string tokenFor(const security::Principal& principal) const;

    /// The public keys as a JWK set (RFC 7517 section 5), for the API behind the proxy.
    const std::string& keySet() const noexcept { return _keySet; }

private:
    Options _options;
    Clock& _clock;
    std::string _keySet;
    /// The claims that all tokens have, with the brace before them.
    std::string _firstClaims;
};

}  // namespace changebank::handlers
