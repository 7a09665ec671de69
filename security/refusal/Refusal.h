#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

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
    /// The fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers); empty: none.
    std::string rateLimitPolicy{};
    std::string rateLimit{};
    /// For operators, and for a caller at most in a TokenExplanation: what the check wanted and what it
    /// found, in words, where it compared two things. At most maxEvidence bytes each. They may come from the
    /// token, so they must be escaped wherever they are written; they never have a signature, a key or a
    /// whole token.
    std::string expected{};
    std::string found{};

    static constexpr std::size_t maxEvidence = 160;

    /// The same refusal with what the check expected and found, cut to maxEvidence.
    Refusal withEvidence(std::string_view wanted, std::string_view had) &&;

    /// The cause's message, with the parameter inserted.
    std::string message() const;

    /// The JSON body of the response: `{"error":MESSAGE}` or `{"error":MESSAGE,"code":CODE}`.
    std::string body() const;

    /// Whether the responses are the same.
    friend bool operator==(const Refusal& left, const Refusal& right) {
        return left.cause == right.cause && left.parameter == right.parameter &&
               left.retryAfter == right.retryAfter && left.dpopNonce == right.dpopNonce &&
               left.rateLimitPolicy == right.rateLimitPolicy && left.rateLimit == right.rateLimit;
    }
};

}  // namespace changebank::security
