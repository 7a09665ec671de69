#include "changebank/kickstart/file/KickstartRunner.h"

#include "changebank/kickstart/values/Limits.h"

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

/// Runs a request as if it came over HTTP.
void run(const KickstartRequest& request, const std::string& apiKey, const ApiRouter& apis,
         const std::function<void(const std::string&)>& report) {
    const auto [path, query] = splitUrl(request.url);
    ApiRequest call{request.method, path, request.body, apiKey, request.tenantId};
    auto parameters = parseQuery(query);
    if (!parameters) return report("the query has an invalid percent escape; left out");
    call.parameters = std::move(*parameters);
    if (!apis.serves(call.method, call.path)) return report("not supported; skipped");
    if (call.tenantId && apis.isGlobal(call.method, call.path)) {
        report(
            "tenantId is ignored; a current FusionAuth answers 401, because all tenants share "
            "this API. Remove tenantId");
        call.tenantId.reset();
    }
    const auto response = apis.handle(call);
    if (response.status >= 300) report(reasonOf(response) + "; left out");
}

}  // namespace

void runKickstart(const Kickstart& kickstart, const ApiRouter& apis,
                  const std::function<void(const std::string&)>& report) {
    for (const auto& omission : kickstart.omissions) {
        report(omission);
    }
    for (const auto& request : kickstart.requests) {
        run(request, kickstart.firstApiKey, apis,
            [&](const std::string& line) { report(describe(request) + ": " + line); });
    }
}

std::vector<SampleLogin> sampleLoginsOf(const Kickstart& kickstart) {
    std::vector<SampleLogin> logins;
    for (const auto& request : kickstart.requests) {
        const auto body = Json::parse(request.body, kickstartLimits);
        const auto* user = body ? body->find("user") : nullptr;
        if (!user) continue;
        const auto text = [&](const char* name) {
            const auto* member = user->find(name);
            return member && member->string() ? *member->string() : std::string();
        };
        const auto email = text("email");
        logins.push_back({email.empty() ? text("username") : email, text("password")});
    }
    return logins;
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
