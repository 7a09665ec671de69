#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"

namespace changebank::security {

/// Where a claim is in a claims set: `roles`, or `realm_access.roles` for the member `roles` of the claim
/// `realm_access`. A name with points in it is quoted: `"kubernetes.io".namespace`. A name that is a URL
/// needs no quotation marks and is always a claim of its own: `https://example.com/roles`. Immutable, usable
/// from any thread.
class ClaimPath {
public:
    /// std::nullopt if the text is not of that form.
    static std::optional<ClaimPath> parse(std::string_view text);

    /// The path of a claim of that name, whatever characters it has.
    explicit ClaimPath(std::string name) : _text(name), _names{std::move(name)} {}

    /// The claim's value; nullptr if the claims set does not have it. Valid as long as the claims.
    const Json* in(const Json& claims) const noexcept;

    /// The name of the claim or member itself, behind the last point.
    const std::string& name() const noexcept { return _names.back(); }

    /// As it was written.
    const std::string& toText() const noexcept { return _text; }

    friend bool operator==(const ClaimPath&, const ClaimPath&) = default;

private:
    ClaimPath() = default;

    std::string _text;
    /// From the outside in; never empty.
    std::vector<std::string> _names;
};

/// How a claim that lists names may be written.
enum class ClaimList : unsigned char {
    array,  ///< As an array of strings.
    name,   ///< The same, or as one string that is one name.
    text,   ///< The same, or as one string with spaces between the names (RFC 6749 section 3.3).
};

/// The names in a claim, in its order; strings only. None if it is nullptr or has another form.
std::vector<std::string> namesIn(const Json* claim, ClaimList form);

}  // namespace changebank::security
