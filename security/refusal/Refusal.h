#pragma once

#include <chrono>
#include <string>

#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// A refused request: the cause, and the claim or header parameter that its message names. The parameter may
/// come from the token and must be escaped wherever it is written.
struct Refusal {
    Cause cause;
    std::string parameter{};
    /// When to ask again, for the statuses 429 and 503: whole seconds, at least 1.
    std::chrono::seconds retryAfter{1};
    /// The nonce that the caller's proof needs (RFC 9449 section 9); empty: none.
    std::string dpopNonce{};

    /// The cause's message, with the parameter inserted.
    std::string message() const;

    /// The JSON body of the response: `{"error":MESSAGE}` or `{"error":MESSAGE,"code":CODE}`.
    std::string body() const;

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace changebank::security
