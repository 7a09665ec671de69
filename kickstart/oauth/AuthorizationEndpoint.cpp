#include "kickstart/oauth/AuthorizationEndpoint.h"

#include <Poco/String.h>

#include "kickstart/Instant.h"
#include "kickstart/LoginRecord.h"
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

/// What the user is told; the same for an unknown name and for a wrong password.
std::string noticeOf(Authentication::Outcome outcome) {
    switch (outcome) {
        case Authentication::Outcome::locked:
        case Authentication::Outcome::prevented:
            return "This account is locked. Try again later, or ask whoever runs this server.";
        case Authentication::Outcome::expired:
            return "This account has expired.";
        case Authentication::Outcome::passwordChangeRequired:
            return "The password of this account has to be changed first, which is not possible here.";
        default:
            return "The name or the password is wrong.";
    }
}

void noteLogin(DirectoryState& state, const Uuid& userId, const Uuid& applicationId, std::int64_t now) {
    const auto user = state.users.find(userId);
    if (user == state.users.end()) return;
    recordLogin(state, user->second, applicationId, "PASSWORD", now);
}

/// FusionAuth's parameter `userState` of a redirect with a code.
const char* userStateOf(const OAuthClient& client, const User& user) {
    if (client.tenant.emailVerification.isRequired && user.verifiedInstant == 0) {
        return "AuthenticatedNotVerified";
    }
    const auto* registration = user.registrationWith(client.application.id);
    if (!registration) return "AuthenticatedNotRegistered";
    return client.application.registrationVerification.isRequired && !registration->verified
               ? "AuthenticatedRegistrationNotVerified"
               : "Authenticated";
}

/// What attempts with a name are counted by: people of two tenants may have the same.
std::string nameKey(const Tenant& tenant, const std::string& loginId) {
    return tenant.id.toText() + ' ' + Poco::toLower(loginId);
}

std::string waitNotice(std::chrono::seconds wait) {
    return "There were too many failed attempts. Try again in " + std::to_string(wait.count()) + " seconds.";
}

}  // namespace

WebAnswer showError(const WebRequest& request, const OAuthError& error) {
    if (request.accept.find("text/html") == std::string::npos) return WebAnswer::refusal(400, error);
    return errorPage(400, "This request cannot be answered", error);
}

AuthorizationEndpoint::AuthorizationEndpoint(Directory& directory, Authentication& authentication,
                                             AuthorizationCodes& codes, const security::Clock& clock,
                                             const LoginLimits& limits)
    : _directory(directory),
      _authentication(authentication),
      _codes(codes),
      _clock(clock),
      _names(clock, {limits.failuresPerName, limits.period, limits.remembered}),
      _addresses(clock, {limits.failuresPerAddress, limits.period, limits.remembered}) {}

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
    if (request.form.find("twoFactorId")) return complete(attempt);
    const auto loginId = Poco::trim(request.form.text("loginId"));
    if (loginId.empty() || !request.form.find("password")) {
        return showLoginPage(attempt, "Type your email address or user name, and your password.");
    }
    const auto wait = waitOf(request.clientAddress, nameKey(attempt.client.tenant, loginId));
    return wait ? showWait(attempt, *wait) : authenticate(attempt, loginId);
}

std::optional<std::chrono::seconds> AuthorizationEndpoint::waitOf(const std::string& address,
                                                                  const std::string& name) {
    // The address comes first: one that has to wait cannot lock out any more names.
    const auto wait = _addresses.begin(address);
    return wait ? wait : _names.begin(name);
}

WebAnswer AuthorizationEndpoint::authenticate(const Attempt& attempt, const std::string& loginId) {
    using Outcome = Authentication::Outcome;
    const auto& request = attempt.request;
    const auto result =
        _authentication.authenticate(attempt.client.tenant.id, loginId, request.form.text("password"));
    const bool isHalf = result.outcome == Outcome::twoFactorRequired;
    if (result.outcome != Outcome::authenticated && !isHalf) {
        return showLoginPage(attempt, noticeOf(result.outcome));
    }
    _names.forget(nameKey(attempt.client.tenant, loginId));
    // Whoever has an account must not be able to wipe out his guesses at others'.
    _addresses.takeBack(request.clientAddress);
    return isHalf ? showLoginPage(attempt, "", 200, result.user->pendingLogin->id.toText())
                  : admit(attempt, *result.user);
}

WebAnswer AuthorizationEndpoint::complete(const Attempt& attempt) {
    using Outcome = Authentication::Outcome;
    const auto& request = attempt.request;
    if (const auto wait = _addresses.begin(request.clientAddress)) return showWait(attempt, *wait);
    const auto twoFactorId = Uuid::parse(request.form.text("twoFactorId"));
    const auto result = twoFactorId
                            ? _authentication.complete(*twoFactorId, Poco::trim(request.form.text("code")))
                            : Authentication::Result{};
    if (result.outcome == Outcome::unknown || result.user->tenantId != attempt.client.tenant.id) {
        return showLoginPage(attempt, "This sign-in took too long. Sign in again.");
    }
    if (result.outcome == Outcome::wrongCode) {
        return showLoginPage(attempt, "The code is wrong, or was used before.", 200, twoFactorId->toText());
    }
    if (result.outcome != Outcome::authenticated) return showLoginPage(attempt, noticeOf(result.outcome));
    _addresses.takeBack(request.clientAddress);
    return admit(attempt, *result.user);
}

WebAnswer AuthorizationEndpoint::admit(const Attempt& attempt, const User& user) {
    const auto& request = attempt.request;
    const auto& verification = attempt.client.tenant.emailVerification;
    if (lacksRegistration(attempt.client, user)) {
        return showLoginPage(attempt, registrationRequired.description);
    }
    if (verification.isRequired && verification.isGate && user.verifiedInstant == 0) {
        return showLoginPage(attempt, "The email address of this account has to be verified first.");
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
                     std::chrono::seconds(client.tenant.lifetimes.authorizationCode));
    return response.withCode(code, userStateOf(client, session.user));
}

WebAnswer AuthorizationEndpoint::showLoginPage(const Attempt& attempt, const std::string& notice, int status,
                                               const std::string& twoFactorId) const {
    const auto& parameters = attempt.request.parameters();
    auto cookie = attempt.request.cookie(CsrfToken::cookieName);
    const bool isNew = !CsrfToken::isCookie(cookie);
    if (isNew) cookie = CsrfToken::newCookie();

    LoginPage page;
    page.application = attempt.client.application.name;
    page.parameters = AuthorizationRequest::carriedParameters(parameters);
    page.csrfToken = _csrfToken.of(cookie);
    page.loginId = parameters.text(attempt.request.method == "POST" ? "loginId" : "login_hint");
    page.twoFactorId = twoFactorId;
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

WebAnswer AuthorizationEndpoint::showWait(const Attempt& attempt, std::chrono::seconds wait) const {
    auto answer = showLoginPage(attempt, waitNotice(wait), 429);
    answer.add("Retry-After", std::to_string(wait.count()));
    return answer;
}

}  // namespace changebank::kickstart
