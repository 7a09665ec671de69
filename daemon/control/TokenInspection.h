#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "changebank/daemon/control/KeySetSource.h"

namespace changebank::daemon {

/// Describes a token for people without verifying it: the members of header and claims, times also as dates
/// relative to `now` (seconds since 1970), and the key that verifies it, if a key set is given. Several
/// lines; text from the token is escaped.
std::string describeToken(std::string_view token, const std::optional<ReadKeySet>& keys, double now);

/// The same as one line of JSON: `{"header":…,"claims":…,"key":…}`, null for unreadable parts.
std::string tokenAsJson(std::string_view token, const std::optional<ReadKeySet>& keys);

/// A DPoP proof (RFC 9449) for people and as one line of JSON, without verifying it: header, claims, the
/// thumbprint of its key, whether the token is bound to that key, and whether its `ath` is the token's hash.
struct ProofInspection {
    /// Several lines.
    std::string text;
    /// `{"header":…,"claims":…,"thumbprint":…,"matches":…,"athMatches":…}`, or `{"error":…}` for what is not
    /// a proof.
    std::string json;
    bool isProof = false;

    static ProofInspection of(std::string_view proof, std::string_view token, double now);
};

}  // namespace changebank::daemon
