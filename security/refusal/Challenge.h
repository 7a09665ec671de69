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

/// The Bearer challenges of one route (RFC 6750 section 3): the value of the WWW-Authenticate header for each
/// cause. Made once, of text that is checked then; nothing of a request enters a header. Immutable, usable
/// from any thread.
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
    };

    Challenge() : Challenge(Parts()) {}

    /// Throws Poco::InvalidArgumentException if the realm is invalid (isRealm()), if the URL, a scope or a
    /// class cannot stand in the header (isScopeToken()), or if the age is not above zero.
    explicit Challenge(const Parts& parts);

    /// `Bearer realm="changebank"` and what applies to the cause of
    /// - `error`, if a token was presented,
    /// - `scope`, with 401 and with the error insufficient_scope: all scopes of the route,
    /// - `max_age` and `acr_values`, if the authentication does not suffice,
    /// - `resource_metadata`.
    /// Empty for causes without a challenge (status 503, cross-site requests).
    std::string valueFor(Cause cause) const;

private:
    /// Each parameter with the comma before it; empty if there is none.
    std::string _realm;
    std::string _scope;
    std::string _authentication;
    std::string _resourceMetadata;
};

}  // namespace changebank::security
