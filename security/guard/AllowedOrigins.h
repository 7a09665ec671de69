#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::security {

/// The other origins (RFC 6454) whose pages may call with the user's credentials. None by default. A look-up
/// takes the same time for one origin and for a hundred. Immutable, usable from any thread.
class AllowedOrigins {
public:
    AllowedOrigins() = default;

    /// Ignores origins for which faultOf() returns a fault.
    explicit AllowedOrigins(const std::vector<std::string>& origins);

    bool empty() const noexcept { return _origins.empty(); }

    /// The listed origin that equals the request's Origin field; nullptr if the field is absent, repeated,
    /// "null" or not listed. The text is valid as long as this object.
    const std::string* originOf(const Poco::Net::MessageHeader& request) const;

    /// Why a text is not an origin as browsers write it (RFC 6454 section 6.2: http or https, host and port
    /// in lower case, without the scheme's default port and without a path), as the end of a sentence.
    /// std::nullopt if it is one. "*" and "null" are rejected.
    static std::optional<std::string> faultOf(std::string_view text);

private:
    std::unordered_set<std::string> _origins;
};

}  // namespace changebank::security
