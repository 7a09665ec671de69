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
    /// Anybody; the endpoint itself may ask for more.
    open,
    /// Holders of an API key.
    apiKey,
    /// Holders of an API key, and no request that names a tenant: a current FusionAuth refuses that with 401
    /// for the APIs that all tenants share.
    globalApiKey,
};

/// A request as an endpoint sees it: routed, admitted and parsed. The endpoint has the state for itself.
struct ApiCall {
    const ApiRequest& request;
    DirectoryState& state;
    /// Milliseconds since the epoch.
    std::int64_t now;
    /// What stands in the path where the route has `{…}`, and where it has a second one.
    std::optional<Uuid> id{};
    std::optional<Uuid> secondId{};
    /// The body, an object; null if there was none.
    Json body{};
    /// The tenant that the request names; none for a request that may be about any tenant.
    std::optional<Uuid> tenantId{};
    Errors errors{};

    BodyReader reader() { return {body, "", errors}; }
    ApiResponse badRequest() const { return ApiResponse::badRequest(errors); }

    /// The id of what the request creates.
    Uuid newId() const { return id ? *id : Uuid::random(); }

    /// Whether the request may be about something of that tenant.
    bool concerns(const Uuid& tenant) const { return !tenantId || *tenantId == tenant; }

    /// What has that id, if it belongs to a tenant that the request may be about; else nullptr. `values` is a
    /// map of the directory.
    template <typename Values>
    auto* find(Values& values, const Uuid& what) const {
        const auto found = values.find(what);
        return found != values.end() && concerns(found->second.tenantId) ? &found->second : nullptr;
    }

    /// The tenant of a request about something that does not tell it by itself: the one that the request
    /// names, or else the only one. FusionAuth's error, which is noted, if there are several.
    std::optional<Uuid> requireTenant();
};

/// The APIs by method and path. Fill it before the first request; from then on any number of threads may ask
/// it.
class ApiRouter {
public:
    using Endpoint = ApiResponse (*)(ApiCall&);

    /// A segment of the path may be `{name}`, up to two of them, and stands for a UUID; `name` is what an
    /// error calls it: "/api/user/registration/{userId}/{applicationId}".
    struct Route {
        std::string_view method;
        std::string_view path;
        Access access;
        Endpoint endpoint;
    };

    /// Both must outlive the router.
    ApiRouter(Directory& directory, const Clock& clock) : _directory(directory), _clock(clock) {}

    /// Adds routes. Where several cover a path the first one wins.
    void add(std::initializer_list<Route> routes) { _routes.insert(_routes.end(), routes); }

    /// Whether there is a route of that method and path, whatever its response.
    bool serves(std::string_view method, std::string_view path) const {
        return find(method, path) != nullptr;
    }

    /// Whether the route of that method and path is of a global API; see Access::globalApiKey.
    bool isGlobal(std::string_view method, std::string_view path) const;

    /// Answers one request: 404 or 405 (with the methods that there are) without a route, 401 without a key
    /// that opens it, 400 for a tenant that does not exist, for an id that is not a UUID or a body that is
    /// not a JSON object, else what the endpoint says.
    ApiResponse handle(const ApiRequest& request) const;

private:
    const Route* find(std::string_view method, std::string_view path) const;
    ApiResponse respondWithoutRoute(std::string_view path) const;

    Directory& _directory;
    const Clock& _clock;
    std::vector<Route> _routes;
};

}  // namespace changebank::kickstart
