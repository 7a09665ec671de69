#include "kickstart/oauth/HostedBackend.h"

#include <algorithm>
#include <chrono>

#include "kickstart/RandomOctets.h"
#include "kickstart/oauth/LoginPage.h"
#include "kickstart/oauth/ProofKey.h"
#include "kickstart/oauth/UserInfoEndpoint.h"

namespace changebank::kickstart {

namespace {

constexpr const char* verifierCookie = "app.pkce_v";
/// How long a user may take to log in.
constexpr std::chrono::seconds verifierLifetime{3600};
constexpr std::chrono::seconds ended{0};

std::string callbackOf(const WebRequest& request) {
    return request.baseUrl + "/app/callback";
}

void setTokens(const WebRequest& request, WebAnswer& answer, const GrantedTokens& tokens) {
    const std::chrono::seconds lifetime(tokens.expiresIn);
    answer.setCookie(request, "app.at", tokens.accessToken, lifetime);
    answer.setCookie(request, "app.at_exp", std::to_string(tokens.expiresAt), lifetime, false);
    if (!tokens.idToken.empty()) answer.setCookie(request, "app.idt", tokens.idToken, lifetime, false);
    if (tokens.refreshToken) {
        answer.setCookie(request, "app.rt", tokens.refreshToken->token,
                         std::chrono::seconds(tokens.refreshTokenExpiresIn));
    }
}

/// Only a code is repeated on a page, not whatever text somebody put into a link.
std::string codeOr(const std::string& text, const char* otherwise) {
    const bool isCode =
        !text.empty() && text.size() < 64 &&
        std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return isCode ? text : otherwise;
}

}  // namespace

WebAnswer HostedBackend::logIn(const WebRequest& request, const std::string& clientId) const {
    const auto& query = request.query;
    if (const auto* name = query.repeated()) return errorPage(OAuthError::repeated(*name));
    const auto found = findClient(_directory, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
    const auto& client = std::get<OAuthClient>(found);
    const auto& authorized = client.application.oauth.authorizedRedirectURLs;
    const auto redirectUri =
        query.find("redirect_uri") || authorized.empty() ? query.text("redirect_uri") : authorized[0];
    if (!client.isAuthorizedRedirect(redirectUri)) {
        return errorPage(OAuthError::invalidRedirectUri());
    }
    // What the callback needs travels through the authorization endpoint as its `state`.
    FormData state;
    state.add("client_id", clientId);
    state.add("redirect_uri", redirectUri);
    state.add("state", query.text("state"));
    const auto verifier = randomText();
    FormData parameters;
    parameters.add("client_id", clientId);
    parameters.add("response_type", "code");
    parameters.add("redirect_uri", callbackOf(request));
    parameters.add("scope", query.find("scope") ? query.text("scope") : "openid offline_access");
    parameters.add("state", state.toText());
    parameters.add("code_challenge", ProofKey::challengeOf(verifier));
    parameters.add("code_challenge_method", "S256");
    for (const auto* name : {"tenantId", "prompt", "login_hint"}) {
        parameters.add(name, query.text(name));
    }
    auto answer = WebAnswer::redirect(withQuery(request.baseUrl + "/oauth2/authorize", parameters));
    answer.setCookie(request, verifierCookie, verifier, verifierLifetime);
    return answer;
}

WebAnswer HostedBackend::callback(const WebRequest& request) const {
    const auto& query = request.query;
    if (query.find("error")) {
        return errorPage({codeOr(query.text("error"), "server_error"),
                          codeOr(query.text("error_reason"), "unknown"),
                          "The sign-in was refused. Go back to the application and start again."});
    }
    // It came back through the browser, so what it says is judged again.
    const auto state = FormData::parse(query.text("state"));
    if (!state)
        return errorPage(OAuthError::invalidRequest("unknown", "The parameter state was not made here."));
    const auto found = findClient(_directory, state->text("client_id"));
    if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
    const auto& client = std::get<OAuthClient>(found);
    const auto redirectUri = state->text("redirect_uri");
    if (!client.isAuthorizedRedirect(redirectUri)) {
        return errorPage(OAuthError::invalidRedirectUri());
    }
    const auto verifier = request.cookie(verifierCookie);
    if (verifier.empty()) {
        return errorPage(OAuthError::invalidRequest(
            "missing_code_verifier",
            "The sign-in did not begin in this browser, or took too long. Go back to the application and "
            "start again."));
    }
    const auto result = _grants.ofCode(client, query.text("code"), callbackOf(request), verifier, true);
    if (const auto* error = std::get_if<OAuthError>(&result)) return errorPage(*error);
    FormData parameters;
    parameters.add("state", state->text("state"));
    auto answer = WebAnswer::redirect(withQuery(redirectUri, parameters));
    setTokens(request, answer, std::get<GrantedTokens>(result));
    answer.setCookie(request, verifierCookie, "", ended);
    return answer;
}

WebAnswer HostedBackend::refresh(const WebRequest& request, const std::string& clientId) const {
    return forPage(request, clientId, [&] {
        const auto found = findClient(_directory, clientId);
        if (const auto* error = std::get_if<OAuthError>(&found)) return WebAnswer::refusal(400, *error);
        const auto& client = std::get<OAuthClient>(found);
        if (!client.application.oauth.enables("refresh_token")) {
            return WebAnswer::refusal(400, {"unauthorized_client", "grant_type_disabled",
                                            "The grant refresh_token is not enabled for this client."});
        }
        const auto result = _grants.ofRefreshToken(client, request.cookie("app.rt"));
        if (const auto* error = std::get_if<OAuthError>(&result)) return WebAnswer::refusal(400, *error);
        WebAnswer answer;
        setTokens(request, answer, std::get<GrantedTokens>(result));
        return answer;
    });
}

WebAnswer HostedBackend::me(const WebRequest& request, const std::string& clientId) const {
    const auto token = request.cookie("app.at");
    return forPage(request, token.empty() ? clientId : clientIdOfToken(token),
                   [&] { return userInfo(_directory, _clock, token); });
}

WebAnswer HostedBackend::logOut(const WebRequest& request, const std::string& clientId) const {
    const auto& query = request.query;
    const char* name = query.find("redirect_uri") ? "redirect_uri" : "post_logout_redirect_uri";
    FormData parameters;
    parameters.add("client_id", clientId);
    parameters.add("post_logout_redirect_uri", query.text(name));
    parameters.add("state", query.text("state"));
    auto answer = WebAnswer::redirect(withQuery(request.baseUrl + "/oauth2/logout", parameters));
    for (const auto* cookie : {"app.at", "app.at_exp", "app.idt", "app.rt"}) {
        answer.setCookie(request, cookie, "", ended);
    }
    return answer;
}

template <typename Answer>
WebAnswer HostedBackend::forPage(const WebRequest& request, const std::string& clientId,
                                 Answer answer) const {
    const bool isForeign = !request.origin.empty() && request.origin != request.baseUrl;
    const auto id = Uuid::parse(clientId);
    const bool isAllowed = !isForeign || _directory.read([&](const DirectoryState& state) {
        return std::any_of(state.applications.begin(), state.applications.end(), [&](const auto& entry) {
            return (!id || entry.first == *id) && entry.second.active &&
                   isAuthorizedOrigin(entry.second.oauth, request.origin);
        });
    });
    const bool isPreflight = request.method == "OPTIONS";
    auto result = !isAllowed ? WebAnswer{403} : isPreflight ? WebAnswer{204} : answer();
    result.add("Vary", "Origin");
    if (isPreflight && isAllowed) {
        result.add("Access-Control-Allow-Methods", "GET, POST");
        result.add("Access-Control-Allow-Headers", "Content-Type");
        result.add("Access-Control-Max-Age", "600");
    }
    if (isForeign && isAllowed) {
        result.add("Access-Control-Allow-Origin", request.origin);
        result.add("Access-Control-Allow-Credentials", "true");
    }
    return result;
}

}  // namespace changebank::kickstart
