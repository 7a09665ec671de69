#pragma once

#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::security {

/// When a token is valid, in seconds since 1970 (RFC 7519 section 2, NumericDate); infinite where it does not
/// say.
struct ValidityPeriod {
    double notBefore = -std::numeric_limits<double>::infinity();
    double issuedAt = -std::numeric_limits<double>::infinity();
    double expires = std::numeric_limits<double>::infinity();

    /// The refusal if the token is not valid at the time `now`: nbf in the future, expired, issued in the
    /// future, checked in this order, each with `leeway`.
    std::optional<Refusal> check(double now, double leeway) const;
};

/// A token that passed every check that does not depend on time, and the times to check at each use.
struct VerifiedToken {
    Principal principal;
    ValidityPeriod period;
};

/// Checks the claims of a verified JWS against a policy at the time `now` (seconds since 1970). Checks in
/// jose's order: typeUnexpected, claimsNotObject, then iss, aud and exp missing, iss and aud unexpected, iat
/// and nbf not a number (or not a finite one before the year 10000), nbf in the future, exp not a number,
/// expired; then ours: iat in the future, `tid`, and the marks of a token that is not a bearer access token
/// (`tty` other than "at", `at_hash`, `c_hash`, `nonce`; `cnf`, RFC 9449 section 7.1 and RFC 8705 section 3),
/// and TokenPolicy::subjectClaim, missing or unusable.
/// Pure and thread-safe.
std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, std::string payload,
                                                 const TokenPolicy& policy, double now);

}  // namespace changebank::security
