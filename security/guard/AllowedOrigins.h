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

/// The origins (RFC 6454) besides our own whose pages may call with the user's credentials. None by default.
/// A hundred cost a request no more than one. Immutable, usable from any thread.
class AllowedOrigins {
public:
    AllowedOrigins() = default;

    /// Each origin is spelt as faultOf() wants it; another text allows nobody.
    explicit AllowedOrigins(const std::vector<std::string>& origins);

    bool empty() const noexcept { return _origins.empty(); }

    /// The listed origin of which the request says that its page is, exactly; nullptr if it names another
    /// one, "null", several or none. The text is ours and lives as long as this.
    const std::string* originOf(const Poco::Net::MessageHeader& request) const;

    /// Why a text is not spelt as browsers spell an origin (RFC 6454 section 6.2: scheme, host and port, in
    /// lower case, without a port that the scheme implies, without a path), as the end of a sentence.
    /// std::nullopt for an http or https origin. "*" and "null" are none.
    static std::optional<std::string> faultOf(std::string_view text);

private:
    std::unordered_set<std::string> _origins;
};

}  // namespace changebank::security
