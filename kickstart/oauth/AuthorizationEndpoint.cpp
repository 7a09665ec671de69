#include "kickstart/oauth/AuthorizationEndpoint.h"

#include <Poco/String.h>

#include "kickstart/Authentication.h"
#include "kickstart/Instant.h"
#include "kickstart/Limits.h"
#include "kickstart/oauth/LoginPage.h"
#include "kickstart/oauth/SetCookie.h"

namespace changebank::kickstart {

namespace {

const OAuthError loginRequired{"login_required", "authentication_required",
                               "The user is required to complete authentication."};
const OAuthError registrationRequired{"access_denied", "registration_required",
                                      "The user is not registered for this application."};

bool lacksRegistration(const OAuthClient& client, const User& user) {
    return client.application.oauth.requireRegistration && !user.registrationWith(client.application.id);
}

void noteLogin(DirectoryState& state, const Uuid& userId, const Uuid& applicationId, std::int64_t now) {
    const auto user = state.users.find(userId);
    if (user == state.users.end()) return;
    recordLogin(state, user->second, applicationId, now);
}

/// FusionAuth's parameter `userState` of a redirect with a code.
const char* userStateOf(const OAuthClient& client, const User& user) {
    return user.registrationWith(client.application.id) ? "Authenticated" : "AuthenticatedNotRegistered";
}

}  // namespace

WebAnswer showError(const WebRequest& request, const OAuthError& error) {
    if (request.accept.find("text/html") == std::string::npos) return WebAnswer::refusal(400, error);
    return errorPage(400, "This request cannot be answered", error);
}

AuthorizationEndpoint::AuthorizationEndpoint(Directory& directory, AuthorizationCodes& codes,
                                             const security::Clock& clock)
    : _directory(directory), _codes(codes), _clock(clock) {}

WebAnswer AuthorizationEndpoint::answer(const WebRequest& request) {
    const auto& parameters = request.parameters();
    const auto client = findClient(_directory, parameters);
    if (const auto* error = std::get_if<OAuthError>(&client)) return showError(request, *error);
    const auto& found = std::get<OAuthClient>(client);
    const auto response = readResponseTarget(parameters, found, request.baseUrl + "/app/callback");
    if (const auto* error = std::get_if<OAuthError>(&response)) return showError(request, *error);
    const auto& target = std::get<AuthorizationResponse>(response);
    const auto asked = readAuthorizationRequest(parameters, found);
    if (const auto* error = std::get_if<OAuthError>(&asked)) return target.withError(*error);

    const Attempt attempt{request, found, target, std::get<AuthorizationRequest>(asked)};
    return request.method == "POST" ? logIn(attempt) : proceed(attempt);
}

WebAnswer AuthorizationEndpoint::proceed(const Attempt& attempt) {
    const auto session = _directory.change([&](DirectoryState& state) {
        return SsoSession::find(state, attempt.request.cookie(SsoSession::cookieName),
                                attempt.client.tenant.id, instantOf(_clock));
    });
    if (!session || mustLogIn(attempt, *session)) {
        return attempt.asked.promptsNone ? attempt.response.withError(loginRequired)
                                         : showLoginPage(attempt, "");
    }
    if (!lacksRegistration(attempt.client, session->user)) return grant(attempt, *session);
    if (attempt.asked.promptsNone) return attempt.response.withError(registrationRequired);
    return showLoginPage(attempt, registrationRequired.description + " Sign in as somebody else.");
}

bool AuthorizationEndpoint::mustLogIn(const Attempt& attempt, const SsoSession& session) const {
    if (attempt.asked.promptsLogin) return true;
    if (!attempt.asked.maxAge) return false;
    const auto age = (instantOf(_clock) - session.authenticationInstant) / millisecondsPerSecond;
    return age >= attempt.asked.maxAge->count();
}

WebAnswer AuthorizationEndpoint::logIn(const Attempt& attempt) {
    const auto& request = attempt.request;
    if (attempt.asked.promptsNone) return attempt.response.withError(loginRequired);
    if (request.isCrossSiteWrite ||
        !_csrfToken.matches(request.cookie(CsrfToken::cookieName), request.form.text("csrf_token"))) {
        return showLoginPage(attempt,
                             "This form is no longer good, or cookies are switched off. Sign in again.", 403);
    }
    const auto loginId = Poco::trim(request.form.text("loginId"));
    if (loginId.empty() || !request.form.find("password")) {
        return showLoginPage(attempt, "Type your email address or user name, and your password.");
    }
    return logIn(attempt, loginId);
}

WebAnswer AuthorizationEndpoint::logIn(const Attempt& attempt, const std::string& loginId) {
    using Outcome = Authentication::Outcome;
    const auto result =
        authenticate(_directory, attempt.client.tenant.id, loginId, attempt.request.form.text("password"));
    if (result.outcome == Outcome::authenticated) return admit(attempt, *result.user);
    // The same for an unknown name and for a wrong password.
    return showLoginPage(attempt, result.outcome == Outcome::locked ? "This account is locked."
                                                                    : "The name or the password is wrong.");
}

WebAnswer AuthorizationEndpoint::admit(const Attempt& attempt, const User& user) {
    const auto& request = attempt.request;
    if (lacksRegistration(attempt.client, user)) {
        return showLoginPage(attempt, registrationRequired.description);
    }
    const auto begun = _directory.change([&](DirectoryState& state) {
        const auto now = instantOf(_clock);
        SsoSession::end(state, request.cookie(SsoSession::cookieName), now);
        noteLogin(state, user.id, attempt.client.application.id, now);
        return SsoSession::begin(state, user, now);
    });
    auto answer = grant(attempt, begun.session);
    answer.add("Set-Cookie",
               SetCookie{SsoSession::cookieName, begun.cookie, std::nullopt}.toText(request.isHttps()));
    return answer;
}

WebAnswer AuthorizationEndpoint::grant(const Attempt& attempt, const SsoSession& session) {
    const auto& [request, client, response, asked] = attempt;
    const auto code =
        _codes.issue({client.application.id, session.user.id, response.redirectUri, asked.scopes, asked.nonce,
                      asked.proofKey, session.authenticationInstant, session.id},
                     codeLifetime);
    return response.withCode(code, userStateOf(client, session.user));
}

WebAnswer AuthorizationEndpoint::showLoginPage(const Attempt& attempt, const std::string& notice,
                                               int status) const {
    const auto& parameters = attempt.request.parameters();
    auto cookie = attempt.request.cookie(CsrfToken::cookieName);
    const bool isNew = !CsrfToken::isCookie(cookie);
    if (isNew) cookie = CsrfToken::newCookie();

    LoginPage page;
    page.application = attempt.client.application.name;
    page.parameters = AuthorizationRequest::carriedParameters(parameters);
    page.csrfToken = _csrfToken.of(cookie);
    page.loginId = parameters.text(attempt.request.method == "POST" ? "loginId" : "login_hint");
    page.notice = notice;
    for (const auto& url : attempt.client.application.oauth.authorizedRedirectURLs) {
        page.destinations.push_back(originOfUrl(url));
    }
    auto answer = page.answer(status);
    if (isNew) {
        answer.add("Set-Cookie",
                   SetCookie{CsrfToken::cookieName, cookie, std::nullopt}.toText(attempt.request.isHttps()));
    }
    return answer;
}

}  // namespace changebank::kickstart
