#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// The realm of ChangeBank's challenges.
inline constexpr std::string_view defaultRealm = "changebank";

/// True if a text can be used as a realm without escaping: printable ASCII without quotation marks and
/// backslashes.
bool isRealm(std::string_view text) noexcept;

/// True if a text is one scope (RFC 6749 section 3.3, scope-token): printable ASCII without blanks, quotation
/// marks and backslashes, not empty. Such a text can stand in a list in a challenge without escaping.
bool isScopeToken(std::string_view text) noexcept;

/// How a caller presents a token (RFC 9110 section 11.1).
enum class AuthenticationScheme : unsigned char {
    bearer,  ///< RFC 6750; also a token in a cookie.
    dpop,    ///< RFC 9449 section 7.1.
};

/// The challenges of one route, for the schemes Bearer (RFC 6750 section 3) and DPoP (RFC 9449 section 7.1):
/// the value of the WWW-Authenticate header for each cause. Made once, of text that is checked then; nothing
/// of a request enters a header. Immutable, usable from any thread.
class Challenge {
public:
    using Ptr = std::shared_ptr<const Challenge>;

    struct Parts {
        std::string realm{defaultRealm};
        /// Where the resource's metadata are (RFC 9728 section 5.1): a URL in ASCII; empty: none.
        std::string resourceMetadata{};
        /// The scopes that the route wants.
        std::vector<std::string> scopes{};
        /// How long ago the caller may have authenticated (RFC 9470 section 3); above zero.
        std::optional<std::chrono::seconds> maxAge{};
        /// The accepted authentication context classes, in order of preference (RFC 9470 section 3).
        std::vector<std::string> authenticationClasses{};
        /// The algorithms of DPoP proofs. Empty: DPoP is not offered.
        std::vector<std::string> dpopAlgorithms{};
        /// Only DPoP is offered, not Bearer.
        bool isDpopRequired = false;
    };

    Challenge() : Challenge(Parts()) {}

    /// Throws Poco::InvalidArgumentException if the realm is invalid (isRealm()), if the URL, a scope, a
    /// class or an algorithm cannot stand in the header (isScopeToken()), if the age is not above zero, or if
    /// no scheme is offered.
    explicit Challenge(const Parts& parts);

    /// For each scheme that is offered `Bearer realm="changebank"`, for DPoP with `algs`, and what applies to
    /// the cause of
    /// - `error`, if a token was presented, for the scheme that was used; for both schemes if that is
    /// unclear,
    /// - `scope`, with 401 and with the error insufficient_scope: all scopes of the route,
    /// - `max_age` and `acr_values`, if the authentication does not suffice,
    /// - `resource_metadata`.
    /// Empty for causes that other credentials would not change: neither a 401 nor with an `error`.
    std::string valueFor(Cause cause, AuthenticationScheme used = AuthenticationScheme::bearer) const;

private:
    /// The start of each scheme's challenge; empty if it is not offered.
    std::string _bearer;
    std::string _dpop;
    /// Each parameter with the comma before it; empty if there is none.
    std::string _scope;
    std::string _authentication;
    std::string _resourceMetadata;
};

}  // namespace changebank::security
