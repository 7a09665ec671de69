#include <chrono>

#include "changebank/kickstart/oauth/LoginPage.h"
#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/PageCall.h"
#include "changebank/kickstart/oauth/ProofKey.h"
#include "changebank/kickstart/oauth/TokenGrants.h"
#include "changebank/kickstart/values/RandomBytes.h"

namespace changebank::kickstart {

namespace {

constexpr const char* verifierCookie = "app.pkce_v";
/// Max time for a login.
constexpr std::chrono::seconds verifierLifetime{3600};
constexpr std::chrono::seconds ended{0};

std::string callbackOf(const WebRequest& request) {
    return request.baseUrl + "/app/callback";
}

void setTokens(const WebRequest& request, WebResponse& response, const GrantedTokens& tokens) {
    const std::chrono::seconds lifetime(tokens.expiresIn);
    response.setCookie(request, "app.at", tokens.accessToken, lifetime);
    response.setCookie(request, "app.at_exp", std::to_string(tokens.expiresAt), lifetime, false);
    if (!tokens.idToken.empty()) response.setCookie(request, "app.idt", tokens.idToken, lifetime, false);
    if (tokens.refreshToken) {
        response.setCookie(request, "app.rt", tokens.refreshToken->token,
                           std::chrono::seconds(tokens.refreshTokenExpiresIn));
    }
}

}  // namespace

WebResponse beginLogin(const OAuthCall& call) {
    const auto& request = call.request;
    const auto& clientId = call.clientId;
    const auto& query = request.query;
    if (const auto* name = query.repeated()) return errorPage(OAuthError::repeated(*name));
    const auto found = findClient(call.state, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
    const auto& client = std::get<OAuthClient>(found);
    const auto& authorized = client.application.oauth.authorizedRedirectURLs;
    const auto redirectUri =
        query.find("redirect_uri") || authorized.empty() ? query.text("redirect_uri") : authorized[0];
    if (!client.isAuthorizedRedirect(redirectUri)) {
        return errorPage(OAuthError::invalidRedirectUri());
    }
    // The parameter `state` carries what the callback needs through the authorization endpoint.
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
    for (const auto* name : {"tenantId", "prompt", "max_age", "login_hint"}) {
        parameters.add(name, query.text(name));
    }
    auto response = WebResponse::redirect(withQuery(request.baseUrl + "/oauth2/authorize", parameters));
    response.setCookie(request, verifierCookie, verifier, verifierLifetime);
    return response;
}

WebResponse completeLogin(const OAuthCall& call) {
    const auto& request = call.request;
    const auto& query = request.query;
    if (query.find("error")) {
        // Text from a link is never shown on a page.
        return errorPage({"access_denied", "unknown", "The sign-in was denied; the address has the reason."});
    }
    // The state came through the browser, so validate it again.
    const auto state = FormData::parse(query.text("state"));
    if (!state)
        return errorPage(
            OAuthError::invalidRequest("unknown", "The parameter state was not issued by this server."));
    const auto found = findClient(call.state, state->text("client_id"));
    if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
    const auto& client = std::get<OAuthClient>(found);
    const auto redirectUri = state->text("redirect_uri");
    if (!client.isAuthorizedRedirect(redirectUri)) {
        return errorPage(OAuthError::invalidRedirectUri());
    }
    const auto verifier = request.cookie(verifierCookie);
    if (verifier.empty()) {
        return errorPage(OAuthError::invalidRequest(
            "missing_code_verifier", "The sign-in did not begin in this browser, or took too long."));
    }
    const auto result =
        exchangeCode(call.state, call.now, client, {query.text("code"), callbackOf(request), verifier, true});
    if (const auto* error = std::get_if<OAuthError>(&result)) return errorPage(*error);
    FormData parameters;
    parameters.add("state", state->text("state"));
    auto response = WebResponse::redirect(withQuery(redirectUri, parameters));
    setTokens(request, response, std::get<GrantedTokens>(result));
    response.setCookie(request, verifierCookie, "", ended);
    return response;
}

WebResponse refreshCookies(const OAuthCall& call) {
    return forPage(call, call.clientId, [&] {
        const auto found = findClient(call.state, call.clientId);
        if (const auto* error = std::get_if<OAuthError>(&found)) return WebResponse::error(400, *error);
        const auto& client = std::get<OAuthClient>(found);
        if (!client.application.oauth.enables("refresh_token")) {
            return WebResponse::error(400, {"unauthorized_client", "grant_type_disabled",
                                            "The grant refresh_token is not enabled for this client."});
        }
        const auto result =
            exchangeRefreshToken(call.state, call.now, client, {call.request.cookie("app.rt")});
        if (const auto* error = std::get_if<OAuthError>(&result)) return WebResponse::error(400, *error);
        WebResponse response;
        setTokens(call.request, response, std::get<GrantedTokens>(result));
        return response;
    });
}

WebResponse showMe(const OAuthCall& call) {
    const auto token = call.request.cookie("app.at");
    return forPage(call, token.empty() ? call.clientId : clientIdOfToken(token),
                   [&] { return userInfoFor(call, token); });
}

WebResponse removeCookies(const OAuthCall& call) {
    const auto& request = call.request;
    const auto& query = request.query;
    const char* name = query.find("redirect_uri") ? "redirect_uri" : "post_logout_redirect_uri";
    FormData parameters;
    parameters.add("client_id", call.clientId);
    parameters.add("post_logout_redirect_uri", query.text(name));
    parameters.add("state", query.text("state"));
    auto response = WebResponse::redirect(withQuery(request.baseUrl + "/oauth2/logout", parameters));
    for (const auto* cookie : {"app.at", "app.at_exp", "app.idt", "app.rt"}) {
        response.setCookie(request, cookie, "", ended);
    }
    return response;
}

}  // namespace changebank::kickstart
