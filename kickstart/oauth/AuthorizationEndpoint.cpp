#include <Poco/Ascii.h>
#include <Poco/String.h>

#include <algorithm>

#include "changebank/kickstart/login/Authentication.h"
#include "changebank/kickstart/oauth/LoginPage.h"
#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/ProofKey.h"
#include "changebank/kickstart/oauth/SampleUsers.h"
#include "changebank/kickstart/tokens/Scopes.h"
#include "changebank/kickstart/values/RandomBytes.h"

namespace changebank::kickstart {

namespace {

/// An error that may only be shown to the user, not sent to the client. `ownCallback` is the hosted
/// backend's, which every client may use.
std::optional<OAuthError> faultOfRedirectUri(const FormData& asked, const OAuthClient& client,
                                             const std::string& ownCallback) {
    const auto* uri = asked.find("redirect_uri");
    if (!uri) return OAuthError::missing("redirect_uri");
    if (*uri == ownCallback || client.isAuthorizedRedirect(*uri)) return std::nullopt;
    return OAuthError::invalidRedirectUri();
}

std::optional<OAuthError> faultOfProofKey(const FormData& asked, const OAuthClient& client) {
    const auto* challenge = asked.find("code_challenge");
    const auto* method = asked.find("code_challenge_method");
    const bool isRequired =
        client.application.oauth.proofKeyForCodeExchange == ProofKeyForCodeExchange::required;
    if (!challenge && (method || isRequired)) return OAuthError::missing("code_challenge");
    if (!challenge) return std::nullopt;
    if (!method || *method != "S256") {
        return OAuthError::invalidRequest("invalid_pkce_code_challenge_method",
                                          "The parameter code_challenge_method must be S256.");
    }
    if (ProofKey::isChallenge(*challenge)) return std::nullopt;
    return OAuthError::invalidRequest("invalid_pkce_code_challenge",
                                      "The parameter code_challenge must be a SHA-256 digest in base64url.");
}

/// OpenID Connect Core 1.0 section 3.1.2.1. There are no sessions, so `prompt=login` and `max_age` get what
/// they ask for as every request does: a login.
std::optional<OAuthError> faultOfPrompt(const FormData& asked) {
    const auto prompt = asked.text("prompt");
    if (prompt == "none") {
        return OAuthError{"login_required", "authentication_required",
                          "The user is required to complete authentication."};
    }
    if (hasScope(prompt, "none")) {
        return OAuthError::invalidRequest("invalid_prompt",
                                          "The parameter prompt has none beside other values.");
    }
    const auto age = asked.text("max_age");
    if (std::all_of(age.begin(), age.end(), [](char c) { return Poco::Ascii::isDigit(c); }))
        return std::nullopt;
    return OAuthError::invalidRequest("unknown", "The parameter max_age must be a number of seconds.");
}

/// The authorized resources that the request names; none if the application has no authorized resources.
std::vector<std::string> resourcesOf(const FormData& asked, const OAuthClient& client) {
    const bool hasResources = !client.application.oauth.authorizedResourceUris.empty();
    return hasResources ? asked.all("resource") : std::vector<std::string>{};
}

/// An error for the client that is known before the login.
std::optional<OAuthError> faultOf(const FormData& asked, const OAuthClient& client) {
    const auto type = asked.text("response_type");
    if (type.empty()) return OAuthError::missing("response_type");
    if (type != "code") {
        return OAuthError{"unsupported_response_type", "invalid_response_type",
                          "The parameter response_type must be code; nothing else is supported."};
    }
    if (!client.application.oauth.enables("authorization_code")) {
        return OAuthError{"unauthorized_client", "grant_type_disabled",
                          "The grant authorization_code is not enabled for this client."};
    }
    if (const auto* mode = asked.find("response_mode"); mode && *mode != "query") {
        return OAuthError::invalidRequest("invalid_response_mode",
                                          "The parameter response_mode must be query.");
    }
    if (auto fault = faultOfProofKey(asked, client)) return fault;
    if (const auto* jkt = asked.find("dpop_jkt"); jkt && !ProofKey::isChallenge(*jkt)) {
        return OAuthError::invalidRequest("unknown",
                                          "The parameter dpop_jkt must be a SHA-256 digest in base64url.");
    }
    if (!grantedScopes(client.application, asked.text("scope")))
        return OAuthError{"invalid_scope", "unknown_scope", "The parameter scope names an unknown scope."};
    for (const auto& resource : resourcesOf(asked, client)) {
        if (client.application.oauth.authorizesResource(resource)) continue;
        return OAuthError::invalidTarget("The parameter resource is not one of the application's resources.");
    }
    return faultOfPrompt(asked);
}

/// Redirects to the client with the issuer (RFC 9207) and the client's `state`.
WebResponse leadBack(const FormData& asked, const OAuthClient& client, FormData parameters) {
    parameters.add("iss", client.tenant.issuer);
    parameters.add("state", asked.text("state"));
    return WebResponse::redirect(withQuery(asked.text("redirect_uri"), parameters));
}

WebResponse leadBackWith(const OAuthError& error, const FormData& asked, const OAuthClient& client) {
    FormData parameters;
    parameters.add("error", error.error);
    parameters.add("error_reason", error.reason);
    parameters.add("error_description", error.description);
    return leadBack(asked, client, std::move(parameters));
}

WebResponse showLoginPage(const OAuthCall& call, const OAuthClient& client, const std::string& notice,
                          int status = 200) {
    const auto& request = call.request;
    auto cookie = request.cookie(CsrfToken::cookieName);
    const bool isNew = cookie.empty();
    if (isNew) cookie = randomText();

    LoginPage page;
    page.application = client.application.name;
    page.query = request.query.toText();
    page.csrfToken = call.csrfToken.of(cookie);
    page.loginId = request.method == "POST" ? request.form.text("loginId") : request.query.text("login_hint");
    page.notice = notice;
    for (const auto& url : client.application.oauth.authorizedRedirectURLs) {
        page.destinations.push_back(originOfUrl(url));
    }
    for (const auto& [login, user] : sampleUsersOf(call.state, client.tenant.id)) {
        if (client.lacksRegistrationOf(user)) continue;
        const auto* registration = user.registrationWith(client.application.id);
        const auto roles = registration ? registration->roles : std::vector<std::string>{};
        page.users.push_back(
            {login.loginId, login.password, Poco::cat(std::string(", "), roles.begin(), roles.end())});
    }
    auto response = page.toResponse(status);
    if (isNew) response.setCookie(request, CsrfToken::cookieName, cookie);
    return response;
}

WebResponse logIn(const OAuthCall& call, const OAuthClient& client) {
    const auto& request = call.request;
    auto& state = call.state;
    if (request.isCrossSiteWrite ||
        !call.csrfToken.matches(request.cookie(CsrfToken::cookieName), request.form.text("csrf_token"))) {
        return showLoginPage(call, client, "This form has expired, or cookies are disabled. Sign in again.",
                             403);
    }
    const auto login = authenticate(state, client.tenant.id, Poco::trim(request.form.text("loginId")),
                                    request.form.text("password"));
    if (login.outcome == Authentication::Outcome::unknown)
        return showLoginPage(call, client, "The name or the password is wrong.");
    if (login.outcome == Authentication::Outcome::locked)
        return showLoginPage(call, client, "This account is locked.");
    auto& user = state.users.at(login.user->id);
    if (client.lacksRegistrationOf(user))
        return showLoginPage(call, client, "The user is not registered for this application.");
    recordLogin(user, client.application.id, call.now);
    const auto& asked = request.query;
    AuthorizationGrant grant{client.application.id,
                             user.id,
                             asked.text("redirect_uri"),
                             *grantedScopes(client.application, asked.text("scope")),
                             asked.text("nonce"),
                             asked.text("code_challenge"),
                             call.now};
    grant.resources = resourcesOf(asked, client);
    grant.keyThumbprint = asked.text("dpop_jkt");
    FormData parameters;
    parameters.add("code", state.authorizationCodes.issue(std::move(grant)));
    // FusionAuth's own parameter.
    const bool isRegistered = user.registrationWith(client.application.id) != nullptr;
    parameters.add("userState", isRegistered ? "Authenticated" : "AuthenticatedNotRegistered");
    return leadBack(asked, client, std::move(parameters));
}

}  // namespace

WebResponse authorize(const OAuthCall& call) {
    const auto& asked = call.request.query;
    const auto found = findClient(call.state, asked);
    if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
    const auto& client = std::get<OAuthClient>(found);
    if (const auto fault = faultOfRedirectUri(asked, client, call.request.baseUrl + "/app/callback"))
        return errorPage(*fault);
    if (const auto fault = faultOf(asked, client)) return leadBackWith(*fault, asked, client);
    return call.request.method == "POST" ? logIn(call, client) : showLoginPage(call, client, "");
}

}  // namespace changebank::kickstart
