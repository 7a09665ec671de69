#pragma once

#include <optional>
#include <string>

namespace changebank::kickstart {

/// A request to one of FusionAuth's APIs, whether it came over HTTP or stands in a kickstart file.
struct ApiRequest {
    std::string method;
    /// The path alone, beginning with a slash, as it was sent: escapes are not decoded.
    std::string path;
    /// The JSON text, or empty.
    std::string body;
    /// The header Authorization, which carries an API key without any scheme.
    std::optional<std::string> apiKey;
    /// The header X-FusionAuth-TenantId.
    std::optional<std::string> tenantId;
    /// How the caller reaches us, for links: "http://localhost:9011".
    std::string origin;
};

}  // namespace changebank::kickstart
