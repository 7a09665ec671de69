#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/kickstart/values/Errors.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A request to one of FusionAuth's APIs, from HTTP or from a kickstart file.
struct ApiRequest {
    std::string method;
    /// The path alone, beginning with a slash, as it was sent: escapes are not decoded.
    std::string path;
    /// The JSON text, or empty.
    std::string body;
    /// The header Authorization, which carries an API key without any scheme.
    std::optional<std::string> apiKey{};
    /// The header X-FusionAuth-TenantId.
    std::optional<std::string> tenantId{};
    /// The base URL that the caller uses, for links: "http://localhost:9011".
    std::string origin{};
    /// The parameters of the query and the cookies, decoded, by name.
    std::multimap<std::string, std::string> parameters{};
    std::map<std::string, std::string> cookies{};

    /// std::nullopt where it is absent or empty.
    std::optional<std::string> parameter(const std::string& name) const { return valueOf(parameters, name); }
    /// A parameter as a UUID; a value that is not a UUID adds an error.
    std::optional<Uuid> uuid(const std::string& name, Errors& errors) const;
    std::optional<std::string> cookie(const std::string& name) const { return valueOf(cookies, name); }

    /// The token of a header `Authorization: Bearer TOKEN` (RFC 6750 section 2.1). The scheme is
    /// case-insensitive; FusionAuth's own scheme JWT is accepted too.
    std::optional<std::string> bearerToken() const;

private:
    /// The first one counts.
    template <typename Values>
    static std::optional<std::string> valueOf(const Values& values, const std::string& name) {
        const auto found = values.lower_bound(name);
        if (found == values.end() || found->first != name || found->second.empty()) return std::nullopt;
        return found->second;
    }
};

/// A URL without its query, and its query without the question mark.
std::pair<std::string, std::string_view> splitUrl(std::string_view url);

/// The parameters of a URL's query (the text after `?`), decoded; repeated names keep their order.
/// std::nullopt for an invalid percent escape.
std::optional<std::multimap<std::string, std::string>> parseQuery(std::string_view query);

}  // namespace changebank::kickstart
