#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "changebank/security/jose/Algorithm.h"
#include "changebank/security/token/ClaimPath.h"

namespace changebank::security {

/// What an issuer's access tokens look like, and how they differ from its other tokens.
enum class TokenProfile : unsigned char {
    /// FusionAuth's: the claim `tty` is "at" if there is one; the marks of an ID token (`nonce`, `at_hash`,
    /// `c_hash`) are refused.
    fusionAuth,
    /// RFC 9068: the header parameter `typ` is at+jwt, and all claims that the RFC requires are there.
    rfc9068,
    /// Those of Keycloak, Entra ID, Cognito, GitHub Actions, Kubernetes and others: without the marks that
    /// only their other tokens have (`at_hash`, `c_hash`, `events`; `typ` other than "Bearer", `token_use`
    /// other than "access").
    generic,
};

/// Whether tokens are bound to a key of their sender (RFC 9449).
enum class DpopUse : unsigned char {
    /// Bound tokens are refused.
    off,
    /// Bound tokens are accepted beside others.
    allow,
    /// Others are refused.
    require,
};

/// Where an issuer puts what we need to know.
struct ClaimPaths {
    /// It must name one of TokenPolicy::audiences.
    ClaimPath audience{"aud"};
    /// Who the caller is. It must be a string with more than blanks in it; std::nullopt: tokens need no such
    /// claim.
    std::optional<ClaimPath> subject = ClaimPath("sub");
    /// The roles are those of all these claims together.
    std::vector<ClaimPath> roles{ClaimPath("roles")};
    /// Not empty: a value of those claims stands for these roles, and values that are not listed for none. A
    /// string is one value then, but for `scope` and `scp`, which are lists of words.
    std::vector<std::pair<std::string, std::string>> roleMap{};
    ClaimPath scopes{"scope"};
    ClaimPath permissions{"permissions"};

    friend bool operator==(const ClaimPaths&, const ClaimPaths&) = default;
};

/// Which tokens of an issuer are accepted, besides being well-formed and signed by a key of it. A plain
/// value; immutable while in use.
struct TokenPolicy {
    /// The claim `iss` must equal this text.
    std::string issuer;
    /// The claim `aud`, a string or an array, must contain one of these.
    std::vector<std::string> audiences;
    /// The header parameter `alg` must be one of these. A key without `alg` of its own is used with one
    /// algorithm only, the first of these, in the order of the enumerators, that fits it (RFC 8725bis
    /// section 3.1).
    AlgorithmSet algorithms{Algorithm::rs256};
    /// Allowed clock skew for `exp`, `nbf` and `iat`; not negative.
    std::chrono::seconds leeway{0};
    /// True: a token without `exp` is refused.
    bool requireExpiration = true;
    /// If above zero, a token may not live longer, from `iat` to `exp`, and must have both: no revocation is
    /// forgotten before the tokens that it concerns (RevocationList).
    std::chrono::seconds maxLifetime{0};
    /// If not empty, the claim `tid` must equal this text.
    std::string tenant{};
    TokenProfile profile = TokenProfile::fusionAuth;
    ClaimPaths claims{};
    /// Who accepts DPoP-bound tokens must check Principal::confirmation, as the guard does.
    DpopUse dpop = DpopUse::off;
    /// True: tokens may be bound to a client certificate (RFC 8705). Who accepts them must check
    /// Principal::confirmation, as the guard does.
    bool acceptsCertificateBound = false;

    friend bool operator==(const TokenPolicy&, const TokenPolicy&) = default;
};

}  // namespace changebank::security
