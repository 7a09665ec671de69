#include "kickstart/oauth/OAuthServer.h"

#include <Poco/String.h>
#include <Poco/StringTokenizer.h>

#include "kickstart/oauth/LoginPage.h"
#include "kickstart/oauth/TokenEndpoint.h"
#include "kickstart/oauth/UserInfoEndpoint.h"

namespace changebank::kickstart {

namespace {

/// The token of a header `Authorization: Bearer TOKEN` (RFC 6750 section 2.1); empty without one.
std::string bearerTokenOf(const WebRequest& request) {
    const auto space = request.authorization.find(' ');
    const bool isBearer =
        space != std::string::npos && Poco::icompare(request.authorization.substr(0, space), "bearer") == 0;
    return isBearer ? request.authorization.substr(space + 1) : std::string();
}

}  // namespace

OAuthServer::OAuthServer(Directory& directory, const security::Clock& clock)
    : _directory(directory),
      _grants(directory, clock),
      _authorization(directory, clock),
      _backend(directory, _grants, clock),
      _routes{{"/oauth2/authorize", "GET, POST",
               [this](const auto& request, const auto&) { return _authorization.answer(request); }},
              {"/oauth2/logout", "GET, POST",
               [this](const auto& request, const auto&) { return logOut(request); }},
              {"/oauth2/style.css", "GET", [](const auto&, const auto&) { return styleSheet(); }},
              {"/oauth2/token", "POST",
               [this](const auto& request, const auto&) {
                   return answerTokenRequest(request, _directory, _grants);
               }},
              {"/oauth2/userinfo", "GET, POST",
               [&directory, &clock](const auto& request, const auto&) {
                   return userInfo(directory, clock, bearerTokenOf(request));
               }},
              {"/app/callback", "GET",
               [this](const auto& request, const auto&) { return _backend.callback(request); }},
              {"/app/login", "GET",
               [this](const auto& request, const auto& id) { return _backend.logIn(request, id); }},
              {"/app/logout", "GET",
               [this](const auto& request, const auto& id) { return _backend.logOut(request, id); }},
              {"/app/me", "GET, OPTIONS",
               [this](const auto& request, const auto& id) { return _backend.me(request, id); }},
              {"/app/refresh", "OPTIONS, POST",
               [this](const auto& request, const auto& id) { return _backend.refresh(request, id); }},
              {"/app/register", "GET",
               [this](const auto& request, const auto& id) { return _backend.logIn(request, id); }}} {}

WebAnswer OAuthServer::answer(const WebRequest& request) const {
    std::string_view path = request.path;
    if (path.ends_with('/')) path.remove_suffix(1);
    std::string clientId = request.query.text("client_id");
    for (const std::string_view prefix : {"/app/login/", "/app/logout/", "/app/refresh/", "/app/register/"}) {
        if (!path.starts_with(prefix)) continue;
        clientId = path.substr(prefix.size());
        path = prefix.substr(0, prefix.size() - 1);
    }
    for (const auto& route : _routes) {
        if (route.path != path) continue;
        const Poco::StringTokenizer methods(route.methods, ",", Poco::StringTokenizer::TOK_TRIM);
        if (methods.has(request.method)) return route.endpoint(request, clientId);
        return {405, {{"Allow", route.methods}}};
    }
    return {404};
}

WebAnswer OAuthServer::logOut(const WebRequest& request) const {
    const auto& parameters = request.method == "POST" ? request.form : request.query;
    auto clientId = parameters.text("client_id");
    // The token may have expired, and is not believed: it only names the client.
    if (clientId.empty()) clientId = clientIdOfToken(parameters.text("id_token_hint"));
    auto url = parameters.text("post_logout_redirect_uri");
    if (!clientId.empty() || !url.empty()) {
        const auto found = findClient(_directory, clientId);
        if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
        const auto& client = std::get<OAuthClient>(found);
        const auto& logoutUrl = client.application.oauth.logoutURL;
        if (!url.empty() && !client.isAuthorizedRedirect(url) && url != logoutUrl) {
            return errorPage(
                OAuthError::invalidRequest("invalid_post_logout_redirect_uri",
                                           "The parameter post_logout_redirect_uri is not one of the "
                                           "application's authorized redirect URLs."));
        }
        if (url.empty()) url = logoutUrl;
    }
    FormData sent;
    sent.add("state", parameters.text("state"));
    return WebAnswer::redirect(withQuery(url.empty() ? "/" : url, sent));
}

}  // namespace changebank::kickstart
