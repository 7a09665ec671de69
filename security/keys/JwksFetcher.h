#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// What one exchange with a key server brought. `document` holds a 200's body; a 304 has none.
struct FetchedKeys {
    bool notModified = false;
    std::string document{};
    /// The ETag to send next time; empty if there was none.
    std::string entityTag{};
    /// How long the answer may be kept from now on: max-age of Cache-Control less Age (RFC 9111 sections 5.1
    /// and 5.2.2); zero for no-store and no-cache.
    std::optional<std::chrono::seconds> maxAge{};
};

/// Why an exchange brought nothing.
struct FetchFailure {
    /// keysUnreachable, keysTimedOut or keysStatus.
    Cause cause;
    /// For the operator: what happened, with address, status or error text. One line; never sent to a caller.
    std::string reason;
};

using FetchResult = std::variant<FetchedKeys, FetchFailure>;

/// Fetches a JWK set once. Implementations may block up to the timeout; called from one thread at a time.
class JwksFetcher {
public:
    virtual ~JwksFetcher() = default;

    /// One GET with one deadline over the whole exchange, from connecting to the body's last byte; the
    /// look-up of the host's name before it takes as long as the machine's resolver lets it. `entityTag`:
    /// sent as If-None-Match unless empty. `forced`: adds `Cache-Control: no-cache`, so that no cache on the
    /// way answers. Never follows a redirect, never throws.
    virtual FetchResult fetch(const std::string& entityTag, bool forced,
                              std::chrono::milliseconds timeout) = 0;
};

}  // namespace changebank::security
