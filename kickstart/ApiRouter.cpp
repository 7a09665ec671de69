#include "kickstart/ApiRouter.h"

#include "kickstart/JsonFault.h"
#include "kickstart/Limits.h"

namespace changebank::kickstart {

namespace {

std::string_view withoutTrailingSlash(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return path;
}

}  // namespace

void ApiRouter::add(std::string method, const std::string& pattern, Access access, Endpoint endpoint) {
    const auto brace = pattern.find('{');
    std::string idName;
    if (brace != std::string::npos) idName = pattern.substr(brace + 1, pattern.size() - brace - 2);
    _routes.push_back(
        {std::move(method), pattern.substr(0, brace), std::move(idName), access, std::move(endpoint)});
}

bool ApiRouter::isGlobal(std::string_view method, std::string_view path) const {
    const auto* route = find(method, path);
    return route && route->access == Access::globalApiKey;
}

ApiAnswer ApiRouter::answer(const ApiRequest& request) const {
    const auto* route = find(request.method, request.path);
    if (!route) return answerWithoutRoute(request.path);
    if (!admits(*route, request)) return ApiAnswer::empty(401);

    Errors errors;
    ApiCall call{request, std::nullopt, {}};
    if (!route->idName.empty()) {
        call.id = Uuid::parse(withoutTrailingSlash(request.path).substr(route->prefix.size()));
        if (!call.id) errors.addField(route->idName, "couldNotConvert", "must be a UUID");
    }
    if (!request.body.empty()) {
        if (auto body = security::Json::parse(request.body, bodyLimits)) {
            call.body = std::move(*body);
        } else {
            errors.addGeneral("[invalidJSON]", "the body is no JSON: " + findJsonFault(request.body).reason);
        }
    }
    return errors.empty() ? route->endpoint(call) : ApiAnswer::refused(errors);
}

bool ApiRouter::Route::covers(std::string_view path) const {
    path = withoutTrailingSlash(path);
    if (idName.empty()) return path == prefix;
    return path.size() > prefix.size() && path.starts_with(prefix) &&
           path.find('/', prefix.size()) == std::string_view::npos;
}

const ApiRouter::Route* ApiRouter::find(std::string_view method, std::string_view path) const {
    for (const auto& route : _routes) {
        if (route.method == method && route.covers(path)) return &route;
    }
    return nullptr;
}

ApiAnswer ApiRouter::answerWithoutRoute(std::string_view path) const {
    std::string methods;
    for (const auto& route : _routes) {
        if (!route.covers(path)) continue;
        if (!methods.empty()) methods += ", ";
        methods += route.method;
    }
    ApiAnswer answer = ApiAnswer::empty(methods.empty() ? 404 : 405);
    answer.allow = std::move(methods);
    return answer;
}

bool ApiRouter::admits(const Route& route, const ApiRequest& request) const {
    if (route.access == Access::open) return true;
    if (route.access == Access::globalApiKey && request.tenantId) return false;
    return request.apiKey &&
           _directory.read([&](const DirectoryState& state) { return state.hasApiKey(*request.apiKey); });
}

}  // namespace changebank::kickstart
