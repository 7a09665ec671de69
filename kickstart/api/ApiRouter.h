#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/system/Clock.h"
#include "changebank/base/text/Json.h"
#include "changebank/kickstart/api/ApiRequest.h"
#include "changebank/kickstart/api/ApiResponse.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/values/BodyReader.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// Who may call a route.
enum class Access : unsigned char {
    /// Everybody; the endpoint may check more.
    open,
    /// Holders of an API key.
    apiKey,
    /// Holders of an API key. A request that names a tenant gets 401, as from a current FusionAuth, because
    /// all tenants share these APIs.
    globalApiKey,
};

/// A routed, authorized and parsed request. The endpoint has exclusive access to the state.
struct ApiCall {
    const ApiRequest& request;
    DirectoryState& state;
    /// Milliseconds since the epoch.
    std::int64_t now;
    /// The ids in the path at the first and the second `{…}` of the route.
    std::optional<Uuid> id{};
    std::optional<Uuid> secondId{};
    /// The body, an object; null if there was none.
    Json body{};
    /// The tenant that the request names; std::nullopt if the request may access every tenant.
    std::optional<Uuid> tenantId{};
    Errors errors{};

    BodyReader reader() { return {body, "", errors}; }
    ApiResponse badRequest() const { return ApiResponse::badRequest(errors); }

    /// The id of the object to create: the one in the path, else a new one.
    Uuid newId() const { return id ? *id : Uuid::random(); }

    /// Whether the request may access objects of this tenant.
    bool concerns(const Uuid& tenant) const { return !tenantId || *tenantId == tenant; }

    /// The object with this id in `values`, a map of the directory; nullptr if it does not exist or the
    /// request may not access its tenant.
    template <typename Values>
    auto* find(Values& values, const Uuid& what) const {
        const auto found = values.find(what);
        return found != values.end() && concerns(found->second.tenantId) ? &found->second : nullptr;
    }

    /// The tenant that the request names, else the only one. If there are several, adds FusionAuth's error
    /// and returns std::nullopt.
    std::optional<Uuid> requireTenant();
};

/// Dispatches API requests by method and path. Add all routes before the first request; after that it is
/// thread-safe.
class ApiRouter {
public:
    using Endpoint = ApiResponse (*)(ApiCall&);

    /// At most two segments of the path may be `{name}`, which matches a UUID; errors refer to it by `name`.
    /// A segment of lower-case letters and hyphens alone never matches, since other APIs have such names:
    /// "/api/user/registration/{userId}/{applicationId}".
    struct Route {
        std::string_view method;
        std::string_view path;
        Access access;
        Endpoint endpoint;
    };

    /// Both must outlive the router.
    ApiRouter(Directory& directory, const Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds routes. If several match a path, the first one wins.
    void add(std::initializer_list<Route> routes) { _routes.insert(_routes.end(), routes); }

    /// Whether a route has this method and path.
    bool serves(std::string_view method, std::string_view path) const {
        return find(method, path) != nullptr;
    }

    /// Whether the route with this method and path belongs to a global API; see Access::globalApiKey.
    bool isGlobal(std::string_view method, std::string_view path) const;

    /// Handles one request. Without a route: 404, or 405 with the methods of the path; the body says so. 401
    /// without the API key that the route requires; 400 for an unknown tenant, an id that is not a UUID or a
    /// body that is not a JSON object. Otherwise the endpoint's response.
    ApiResponse handle(const ApiRequest& request) const;

private:
    const Route* find(std::string_view method, std::string_view path) const;
    ApiResponse respondWithoutRoute(std::string_view method, std::string_view path) const;

    Directory& _directory;
    const Clock& _clock;
    std::vector<Route> _routes;
};

}  // namespace changebank::kickstart
