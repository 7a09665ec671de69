#include "kickstart/ApiRouter.h"

#include <algorithm>
#include <set>

#include "kickstart/Limits.h"

namespace changebank::kickstart {

namespace {

/// The path between its slashes; one trailing slash does not count.
std::vector<std::string> segmentsOf(std::string_view path) {
    if (!path.starts_with('/')) return {std::string(path)};
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0 || end < path.size()) segments.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return segments;
}

bool isId(const std::string& segment) {
    return segment.starts_with('{');
}

}  // namespace

void ApiRouter::add(std::string method, const std::string& pattern, Access access, Endpoint endpoint) {
    Route route{std::move(method), segmentsOf(pattern), access, std::move(endpoint)};
    route.ids = static_cast<std::size_t>(std::count_if(route.segments.begin(), route.segments.end(), isId));
    const auto later = std::find_if(_routes.begin(), _routes.end(),
                                    [&](const Route& other) { return other.ids > route.ids; });
    _routes.insert(later, std::move(route));
}

bool ApiRouter::isGlobal(std::string_view method, std::string_view path) const {
    const auto* route = find(method, path);
    return route && route->access == Access::globalApiKey;
}

ApiAnswer ApiRouter::answer(const ApiRequest& request) const {
    const auto* route = find(request.method, request.path);
    if (!route) return answerWithoutRoute(request.path);
    Errors errors;
    ApiCall call{request};
    if (!admit(*route, call, errors)) return ApiAnswer::empty(401);
    const auto segments = segmentsOf(request.path);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto& name = route->segments[i];
        if (!isId(name)) continue;
        auto id = Uuid::parse(segments[i]);
        if (!id) errors.addField(name.substr(1, name.size() - 2), "couldNotConvert", "must be a UUID");
        (call.id ? call.secondId : call.id) = std::move(id);
    }
    if (!request.body.empty()) {
        auto body = security::Json::parse(request.body, bodyLimits);
        if (!body) {
            errors.addGeneral("[invalidJSON]", "the body is not well-formed JSON, or nested too deeply");
        } else if (!body->object()) {
            errors.addGeneral("[invalidJSON]", "the body must be a JSON object");
        } else {
            call.body = std::move(*body);
        }
    }
    return errors.empty() ? route->endpoint(call) : ApiAnswer::refused(errors);
}

bool ApiRouter::Route::covers(const std::vector<std::string>& path) const {
    return std::equal(segments.begin(), segments.end(), path.begin(), path.end(),
                      [](const std::string& expected, const std::string& segment) {
                          return expected == segment || (isId(expected) && !segment.empty());
                      });
}

const ApiRouter::Route* ApiRouter::find(std::string_view method, std::string_view path) const {
    const auto segments = segmentsOf(path);
    for (const auto& route : _routes) {
        if (route.method == method && route.covers(segments)) return &route;
    }
    return nullptr;
}

ApiAnswer ApiRouter::answerWithoutRoute(std::string_view path) const {
    const auto segments = segmentsOf(path);
    std::set<std::string> methods;
    for (const auto& route : _routes) {
        if (route.covers(segments)) methods.insert(route.method);
    }
    ApiAnswer answer = ApiAnswer::empty(methods.empty() ? 404 : 405);
    for (const auto& method : methods) {
        answer.allow += (answer.allow.empty() ? "" : ", ") + method;
    }
    return answer;
}

bool ApiRouter::admit(const Route& route, ApiCall& call, Errors& errors) const {
    const auto& request = call.request;
    const bool isOpen = route.access == Access::open;
    if (!isOpen && !request.apiKey) return false;
    return _directory.read([&](const DirectoryState& state) {
        const auto* key = request.apiKey ? state.findApiKey(*request.apiKey) : nullptr;
        if (!isOpen && !key) return false;
        if (request.tenantId) call.tenantId = Uuid::parse(*request.tenantId);
        if (key && key->tenantId()) {
            if (request.tenantId && call.tenantId != key->tenantId()) return false;
            call.tenantId = key->tenantId();
        }
        if (route.access == Access::globalApiKey && (request.tenantId || call.tenantId)) return false;
        const bool isBound = request.tenantId || call.tenantId;
        if (isBound && !(call.tenantId && state.tenants.contains(*call.tenantId))) {
            errors.addField("tenantId", "invalid", "no tenant has this id");
        }
        return true;
    });
}

std::optional<Uuid> ApiCall::requireTenant(const DirectoryState& state, Errors& errors) const {
    if (tenantId) return tenantId;
    if (state.tenants.size() == 1) return state.tenants.begin()->first;
    errors.addGeneral("[TenantIdRequired]",
                      "there are several tenants; say which one with the header X-FusionAuth-TenantId");
    return std::nullopt;
}

}  // namespace changebank::kickstart
