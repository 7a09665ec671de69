#include "changebank/kickstart/oauth/PageCall.h"

#include <algorithm>

#include "changebank/kickstart/oauth/OAuthClient.h"

namespace changebank::kickstart {

namespace {

bool isFromOtherPage(const WebRequest& request) {
    return !request.origin.empty() && request.origin != request.baseUrl;
}

}  // namespace

bool isFromStrangePage(const OAuthCall& call, const std::string& clientId) {
    const auto id = Uuid::parse(clientId);
    const auto& applications = call.state.applications;
    return isFromOtherPage(call.request) &&
           std::none_of(applications.begin(), applications.end(), [&](const auto& entry) {
               return (!id || entry.first == *id) && entry.second.active &&
                      isAuthorizedOrigin(entry.second.oauth, call.request.origin);
           });
}

WebResponse readableByPage(const OAuthCall& call, WebResponse response) {
    response.add("Vary", "Origin");
    if (call.request.method == "OPTIONS") {
        response.add("Access-Control-Allow-Methods", "GET, POST");
        response.add("Access-Control-Allow-Headers", "Content-Type");
        response.add("Access-Control-Max-Age", "600");
    }
    if (isFromOtherPage(call.request)) {
        response.add("Access-Control-Allow-Origin", call.request.origin);
        response.add("Access-Control-Allow-Credentials", "true");
    }
    return response;
}

}  // namespace changebank::kickstart
