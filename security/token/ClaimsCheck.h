#pragma once

#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/revocation/RevocationKey.h"
#include "changebank/security/token/Principal.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::security {

/// When a token is valid, in seconds since 1970 (RFC 7519 section 2, NumericDate); infinite where it does not
/// say.
struct ValidityPeriod {
    double notBefore = -std::numeric_limits<double>::infinity();
    double issuedAt = -std::numeric_limits<double>::infinity();
    double expires = std::numeric_limits<double>::infinity();
    /// The clock skew that the issuer's policy allows, in seconds.
    double leeway = 0;

    /// The refusal if the token is not valid at the time `now`: nbf in the future, expired, issued in the
    /// future, checked in this order.
    std::optional<Refusal> check(double now) const;
};

/// A token that passed every check that does not depend on time or on revocations, and what to check at each
/// use.
struct VerifiedToken {
    Principal principal;
    ValidityPeriod period;
    /// Empty if nothing is revoked.
    std::vector<RevocationKey> revocationKeys{};
};

/// Checks the claims of a verified JWS against a policy at the time `now` (seconds since 1970). `claims` is
/// its payload as JSON, nullptr if it is not JSON. Checks in jose's order: typeUnexpected, claimsNotObject,
/// then the required claims missing, iss and aud unexpected, iat and nbf not a number (or not a finite one
/// before the year 10000), nbf in the future, exp not a number, expired; then ours: iat in the future, a life
/// longer than the policy allows, `tid`, the marks of a token that is no access token (TokenProfile), `cnf`
/// (Confirmation; dpopRequired where it must be there and is not), and the subject, missing or unusable. The
/// refusal's parameter is the claim's path. Pure and thread-safe.
std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, const Json* claims, std::string payload,
                                                 const TokenPolicy& policy, double now);

/// The same for a payload that is not parsed yet.
std::variant<VerifiedToken, Refusal> checkClaims(const Json& header, std::string payload,
                                                 const TokenPolicy& policy, double now);

}  // namespace changebank::security
