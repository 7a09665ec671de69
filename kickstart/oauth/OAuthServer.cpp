#include "changebank/kickstart/oauth/OAuthServer.h"

#include <Poco/StringTokenizer.h>

#include <array>

#include "changebank/kickstart/oauth/LoginPage.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/values/Instant.h"

namespace changebank::kickstart {

namespace {

struct Route {
    std::string_view path;
    /// As in the header Allow.
    const char* methods;
    WebResponse (*endpoint)(const OAuthCall&);
};

constexpr std::array<Route, 15> routes{{
    {"", "GET", showHome},
    {"/account", "GET", showHome},
    {"/admin", "GET", showHome},
    {"/oauth2/authorize", "GET, POST", authorize},
    {"/oauth2/logout", "GET, POST", endSession},
    {"/oauth2/style.css", "GET", [](const OAuthCall&) { return styleSheet(); }},
    {"/oauth2/token", "POST", exchangeGrant},
    {"/oauth2/userinfo", "GET, POST", userInfo},
    {"/app/callback", "GET", completeLogin},
    {"/app/login", "GET", beginLogin},
    {"/app/logout", "GET", removeCookies},
    {"/app/me", "GET, OPTIONS", showMe},
    {"/app/refresh", "OPTIONS, POST", refreshCookies},
    {"/app/register", "GET", beginLogin},
    {"/kickstartd/broken-token", "GET, OPTIONS", breakToken},
}};

}  // namespace

WebResponse OAuthServer::handle(const WebRequest& request) const {
    std::string_view path = request.path;
    if (path.ends_with('/')) path.remove_suffix(1);
    std::string clientId = request.query.text("client_id");
    for (const std::string_view prefix : {"/app/login/", "/app/logout/", "/app/refresh/", "/app/register/"}) {
        if (!path.starts_with(prefix)) continue;
        clientId = path.substr(prefix.size());
        path = prefix.substr(0, prefix.size() - 1);
    }
    for (const auto& route : routes) {
        if (route.path != path) continue;
        const Poco::StringTokenizer methods(route.methods, ",", Poco::StringTokenizer::TOK_TRIM);
        if (!methods.has(request.method)) {
            auto response = WebResponse::notOffered(405, request.method + " " + request.path);
            response.add("Allow", route.methods);
            return response;
        }
        return _directory.change([&](DirectoryState& state) {
            return route.endpoint({request, state, instantOf(_clock), _csrfToken, clientId});
        });
    }
    return WebResponse::notOffered(404, request.method + " " + request.path);
}

}  // namespace changebank::kickstart
