#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// A successful response of a key server: the body of a 200, or a 304.
struct FetchedKeys {
    bool notModified = false;
    std::string document{};
    /// The ETag to send next time; empty if the response had none.
    std::string entityTag{};
    /// How long the response may be kept from now on: max-age of Cache-Control less Age (RFC 9111 sections
    /// 5.1 and 5.2.2); zero for no-store and no-cache; std::nullopt if it does not say.
    std::optional<std::chrono::seconds> maxAge{};
};

/// Why a fetch failed.
struct FetchFailure {
    /// keysUnreachable, keysTimedOut, keysStatus or keysMalformed from a fetcher; JwksResponse::evaluate()
    /// adds keysNotJson and keysUnusable.
    Cause cause;
    /// For the operator: what happened, with address, status or error text. One line; must never be sent to a
    /// caller.
    std::string reason;
};

using FetchResult = std::variant<FetchedKeys, FetchFailure>;

/// Fetches a JWK set. Implementations may block up to the timeout. Called from one thread at a time.
class JwksFetcher {
public:
    virtual ~JwksFetcher() = default;

    /// Sends one GET. `timeout` bounds the whole exchange, from the resolution of the host's name to the last
    /// byte of the body. `entityTag` is sent as If-None-Match unless it is empty. `forced` adds
    /// `Cache-Control: no-cache`, so that no cache on the way responds. Does not follow redirects; never
    /// throws. Returns soon after `stopping` is requested.
    virtual FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds timeout,
                              const std::stop_token& stopping) = 0;
};

}  // namespace changebank::security
