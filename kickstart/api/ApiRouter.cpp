#include "changebank/kickstart/api/ApiRouter.h"

#include <Poco/StringTokenizer.h>

#include <algorithm>
#include <set>

#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/Limits.h"

namespace changebank::kickstart {

namespace {

/// The segments of a path; a trailing slash is ignored.
Poco::StringTokenizer segmentsOf(std::string_view path) {
    if (path.starts_with('/')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    return Poco::StringTokenizer(std::string(path), "/");
}

bool isId(const std::string& segment) {
    return segment.starts_with('{');
}

/// Whether the text may stand where an id is expected. A word names another API: `search`, `forgot-password`.
bool mayBeId(const std::string& text) {
    const bool isWord =
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return !isWord || Uuid::parse(text);
}

bool covers(const ApiRouter::Route& route, std::string_view path) {
    const auto expected = segmentsOf(route.path);
    const auto segments = segmentsOf(path);
    return path.starts_with('/') &&
           std::equal(expected.begin(), expected.end(), segments.begin(), segments.end(),
                      [](const std::string& one, const std::string& other) {
                          return one == other || (isId(one) && mayBeId(other));
                      });
}

/// Whether the request may use the route. Sets the tenant that the request names, or adds an error if that is
/// unknown.
bool admit(const ApiRouter::Route& route, ApiCall& call) {
    const auto& request = call.request;
    const bool hasKey = request.apiKey && call.state.hasApiKey(*request.apiKey);
    if (route.access != Access::open && !hasKey) return false;
    if (!request.tenantId) return true;
    if (route.access == Access::globalApiKey) return false;
    call.tenantId = Uuid::parse(*request.tenantId);
    if (!call.tenantId || !call.state.tenants.contains(*call.tenantId)) {
        call.errors.addField("tenantId", "invalid", "no tenant has this id");
    }
    return true;
}

void readIds(const ApiRouter::Route& route, ApiCall& call) {
    const auto names = segmentsOf(route.path);
    const auto segments = segmentsOf(call.request.path);
    for (std::size_t i = 0; i < names.count(); ++i) {
        if (!isId(names[i])) continue;
        auto id = Uuid::parse(segments[i]);
        if (!id) {
            call.errors.addField(names[i].substr(1, names[i].size() - 2), "couldNotConvert",
                                 "must be a UUID");
        }
        (call.id ? call.secondId : call.id) = std::move(id);
    }
}

void readBody(ApiCall& call) {
    if (call.request.body.empty()) return;
    auto body = Json::parse(call.request.body, bodyLimits);
    if (!body || !body->object()) {
        call.errors.addGeneral("[invalidJSON]", "the body must be a well-formed JSON object");
    } else {
        call.body = std::move(*body);
    }
}

}  // namespace

bool ApiRouter::isGlobal(std::string_view method, std::string_view path) const {
    const auto* route = find(method, path);
    return route && route->access == Access::globalApiKey;
}

ApiResponse ApiRouter::handle(const ApiRequest& request) const {
    const auto* route = find(request.method, request.path);
    if (!route) return respondWithoutRoute(request.method, request.path);
    return _directory.change([&](DirectoryState& state) {
        ApiCall call{request, state, instantOf(_clock)};
        if (!admit(*route, call)) return ApiResponse::empty(401);
        readIds(*route, call);
        readBody(call);
        return call.errors.empty() ? route->endpoint(call) : call.badRequest();
    });
}

const ApiRouter::Route* ApiRouter::find(std::string_view method, std::string_view path) const {
    const auto found = std::find_if(_routes.begin(), _routes.end(), [&](const Route& route) {
        return route.method == method && covers(route, path);
    });
    return found == _routes.end() ? nullptr : &*found;
}

ApiResponse ApiRouter::respondWithoutRoute(std::string_view method, std::string_view path) const {
    std::set<std::string_view> methods;
    for (const auto& route : _routes) {
        if (covers(route, path)) methods.insert(route.method);
    }
    Errors errors;
    errors.addGeneral("[notOffered]", notOfferedText(std::string(method) + " " + std::string(path)));
    auto response = ApiResponse::badRequest(errors);
    response.status = methods.empty() ? 404 : 405;
    for (const auto& supported : methods) {
        response.allow.append(response.allow.empty() ? "" : ", ").append(supported);
    }
    return response;
}

std::optional<Uuid> ApiCall::requireTenant() {
    if (tenantId) return tenantId;
    if (state.tenants.size() == 1) return state.tenants.begin()->first;
    errors.addGeneral("[TenantIdRequired]",
                      "there are several tenants; name one in the header X-FusionAuth-TenantId");
    return std::nullopt;
}

}  // namespace changebank::kickstart
