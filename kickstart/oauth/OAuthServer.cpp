#include "kickstart/oauth/OAuthServer.h"

#include "kickstart/Limits.h"
#include "kickstart/oauth/LoginPage.h"

namespace changebank::kickstart {

OAuthServer::OAuthServer(Directory& directory, const security::Clock& clock)
    : _codes(clock, rememberedCodes),
      _grants(directory, _codes, clock),
      _authorization(directory, _codes, clock),
      _token(directory, _grants),
      _userInfo(directory, clock),
      _logout(directory, clock),
      _backend(directory, _grants, _userInfo),
      _routes{
          {"/oauth2/authorize", "GET",
           [this](const auto& request, auto&) { return _authorization.answer(request); }},
          {"/oauth2/authorize", "POST",
           [this](const auto& request, auto&) { return _authorization.answer(request); }},
          {"/oauth2/logout", "GET", [this](const auto& request, auto&) { return _logout.answer(request); }},
          {"/oauth2/logout", "POST", [this](const auto& request, auto&) { return _logout.answer(request); }},
          {"/oauth2/style.css", "GET", [](auto&, auto&) { return styleSheet(); }},
          {"/oauth2/token", "POST", [this](const auto& request, auto&) { return _token.answer(request); }},
          {"/oauth2/userinfo", "GET",
           [this](const auto& request, auto&) { return _userInfo.answer(request); }},
          {"/oauth2/userinfo", "POST",
           [this](const auto& request, auto&) { return _userInfo.answer(request); }},
          {"/app/callback", "GET", [this](const auto& request, auto&) { return _backend.callback(request); }},
          {"/app/login", "GET",
           [this](const auto& request, auto& id) { return _backend.logIn(request, id); }},
          {"/app/logout", "GET",
           [this](const auto& request, auto& id) { return _backend.logOut(request, id); }},
          {"/app/me", "GET", [this](const auto& request, auto&) { return _backend.me(request); }},
          {"/app/me", "OPTIONS",
           [this](const auto& request, auto& id) { return _backend.preflight(request, id); }},
          {"/app/refresh", "OPTIONS",
           [this](const auto& request, auto& id) { return _backend.preflight(request, id); }},
          {"/app/refresh", "POST",
           [this](const auto& request, auto& id) { return _backend.refresh(request, id); }},
          {"/app/register", "GET",
           [this](const auto& request, auto& id) { return _backend.logIn(request, id); }},
      } {}

WebAnswer OAuthServer::answer(const WebRequest& request) {
    std::string_view path = request.path;
    if (path.ends_with('/')) path.remove_suffix(1);
    std::string clientId = request.query.text("client_id");
    for (const std::string_view prefix : {"/app/login/", "/app/logout/", "/app/refresh/", "/app/register/"}) {
        if (!path.starts_with(prefix)) continue;
        clientId = path.substr(prefix.size());
        path = prefix.substr(0, prefix.size() - 1);
    }
    std::string allowed;
    for (const auto& route : _routes) {
        if (route.path != path) continue;
        if (route.method == request.method) return route.endpoint(request, clientId);
        allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
    }
    auto answer = WebAnswer::empty(allowed.empty() ? 404 : 405);
    if (!allowed.empty()) answer.add("Allow", allowed);
    return answer;
}

}  // namespace changebank::kickstart
