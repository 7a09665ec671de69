#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kickstart/ApiAnswer.h"
#include "kickstart/ApiRequest.h"
#include "kickstart/Directory.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// Who may call a route.
enum class Access : unsigned char {
    /// Anybody; the endpoint itself may ask for more.
    open,
    /// Holders of an API key.
    apiKey,
    /// Holders of an API key, and no request that names a tenant: a current FusionAuth refuses that with 401
    /// for
    /// the APIs that all tenants share.
    globalApiKey,
};

/// A request as an endpoint sees it: routed, admitted and parsed.
struct ApiCall {
    const ApiRequest& request;
    /// What stands in the path where the route has `{…}`, and where it has a second one.
    std::optional<Uuid> id{};
    std::optional<Uuid> secondId{};
    /// The body, an object; null if there was none.
    security::Json body{};
    /// The tenant that the request is bound to, by its header or by its API key; none for a request that may
    /// be about any tenant.
    std::optional<Uuid> tenantId{};

    /// Whether the request may be about something of that tenant.
    bool concerns(const Uuid& tenant) const { return !tenantId || *tenantId == tenant; }

    /// What has that id, if it belongs to a tenant that the request may be about; else nullptr. `values` is a
    /// map of the directory.
    template <typename Values>
    auto* find(Values& values, const Uuid& what) const {
        const auto found = values.find(what);
        return found != values.end() && concerns(found->second.tenantId) ? &found->second : nullptr;
    }

    /// The tenant of a request about something that does not tell it by itself: the one that the request is
    /// bound to, or else the only one. FusionAuth's error, which is noted, if there are several.
    std::optional<Uuid> requireTenant(const DirectoryState& state, Errors& errors) const;
};

/// The APIs by method and path. Fill it before the first request; from then on any number of threads may ask
/// it.
class ApiRouter {
public:
    using Endpoint = std::function<ApiAnswer(const ApiCall&)>;

    /// A body beyond the limits counts as no JSON.
    explicit ApiRouter(const Directory& directory) : _directory(directory) {}

    /// Adds a route. A segment of the pattern may be `{name}`, up to two of them, and stands for a UUID;
    /// `name` is what an error calls it: "/api/user/registration/{userId}/{applicationId}". A route with
    /// fewer of them wins.
    void add(std::string method, const std::string& pattern, Access access, Endpoint endpoint);

    /// Whether there is a route of that method and path, whatever it would answer.
    bool serves(std::string_view method, std::string_view path) const {
        return find(method, path) != nullptr;
    }

    /// Whether the route of that method and path is of a global API; see Access::globalApiKey.
    bool isGlobal(std::string_view method, std::string_view path) const;

    /// Answers one request: 404 or 405 (with the methods that there are) without a route, 401 without a key
    /// that opens it, 400 for a tenant that does not exist, for an id that is no UUID or a body that is no
    /// JSON object, else what the endpoint says.
    ApiAnswer answer(const ApiRequest& request) const;

private:
    struct Route {
        std::string method;
        std::vector<std::string> segments;
        Access access;
        Endpoint endpoint;
        std::size_t ids = 0;

        bool covers(const std::vector<std::string>& path) const;
    };

    const Route* find(std::string_view method, std::string_view path) const;
    ApiAnswer answerWithoutRoute(std::string_view path) const;
    /// Whether the request's API key and tenant open the route. Notes the tenant that the request is bound
    /// to, and an error if there is no such tenant.
    bool admit(const Route& route, ApiCall& call, Errors& errors) const;

    const Directory& _directory;
    std::vector<Route> _routes;
};

}  // namespace changebank::kickstart
