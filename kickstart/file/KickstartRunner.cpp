#include "changebank/kickstart/file/KickstartRunner.h"

#include <algorithm>

#include "changebank/kickstart/file/KickstartFault.h"

namespace changebank::kickstart {

namespace {

std::string describe(const KickstartRequest& request) {
    // Quoted, since a variable may have brought anything into the URL.
    const auto quoted = quoteJson(request.method + " " + request.url);
    return request.place + ": " + quoted.substr(1, quoted.size() - 2);
}

std::string reasonOf(const ApiResponse& response) {
    if (!response.reason.empty()) return response.reason;
    if (response.status == 404) return "not found";
    return "failed with status " + std::to_string(response.status);
}

/// The request as it would come over HTTP.
ApiRequest callOf(const Kickstart& kickstart, const KickstartRequest& request) {
    const auto [path, query] = splitUrl(request.url);
    ApiRequest call{request.method, path, request.body, kickstart.firstApiKey, request.tenantId};
    auto parameters = parseQuery(query);
    if (!parameters)
        throw KickstartFault(kickstart.file, describe(request), "the query has an invalid percent escape");
    call.parameters = std::move(*parameters);
    return call;
}

}  // namespace

void runKickstart(const Kickstart& kickstart, const ApiRouter& apis,
                  const std::function<void(const std::string&)>& report) {
    for (const auto& request : kickstart.requests) {
        auto call = callOf(kickstart, request);
        if (!apis.serves(call.method, call.path)) {
            report(describe(request) + ": not supported; skipped");
            continue;
        }
        if (call.tenantId && apis.isGlobal(call.method, call.path)) {
            report(describe(request) +
                   ": tenantId is ignored; a current FusionAuth answers 401, because all tenants share "
                   "this API. Remove tenantId");
            call.tenantId.reset();
        }
        const auto response = apis.handle(call);
        if (response.status >= 300)
            throw KickstartFault(kickstart.file, describe(request), reasonOf(response));
    }
}

void reportUnservedGrants(const DirectoryState& state,
                          const std::function<void(const std::string&)>& report) {
    for (const auto& [id, application] : state.applications) {
        for (const auto& grant : application.oauth.enabledGrants) {
            if (OAuthConfiguration::isServed(grant)) continue;
            report("application " + quoteJson(application.name) + ": enables the grant " + quoteJson(grant) +
                   ", which is not supported; requests for it fail");
        }
    }
}

}  // namespace changebank::kickstart
