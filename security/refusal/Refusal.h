#pragma once

#include <string>

#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// A refused request: the cause, and what the cause's message names (a claim or an extension header
/// parameter). The parameter may come from the token and is escaped wherever it is written.
struct Refusal {
    Cause cause;
    std::string parameter{};

    /// The cause's message with the parameter in its place.
    std::string message() const;

    /// The JSON body of the answer: `{"error":MESSAGE}` or `{"error":MESSAGE,"code":CODE}`.
    std::string body() const;

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

}  // namespace changebank::security
