#include "kickstart/LoginApi.h"

#include "kickstart/AccessToken.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/TokenCookies.h"
#include "kickstart/TokenSubject.h"

namespace changebank::kickstart {

using security::Json;

namespace {

bool needsApiKey(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    const auto application =
        applicationId ? state.applications.find(*applicationId) : state.applications.end();
    return application == state.applications.end() ? state.defaultTenant().loginRequiresApiKey
                                                   : application->second.login.requireAuthentication;
}

/// What a login has brought about in the state.
struct Login {
    TokenSubject subject;
    std::optional<RefreshTokens::Issued> refreshToken{};
};

/// Notes the login in the state. The user may have gone since the password was checked, and the application,
/// too.
std::optional<Login> noteLogin(DirectoryState& state, const Uuid& userId,
                               const std::optional<Uuid>& applicationId, bool withToken, const Json* metaData,
                               std::int64_t now) {
    const auto found = state.users.find(userId);
    if (found == state.users.end()) return std::nullopt;
    if (applicationId && !state.applications.contains(*applicationId)) return std::nullopt;
    auto& user = found->second;
    user.lastLoginInstant = now;
    if (applicationId) {
        const auto registration = user.registrations.find(*applicationId);
        if (registration != user.registrations.end()) registration->second.lastLoginInstant = now;
    }
    Login login{TokenSubject::of(state, user, applicationId)};
    if (withToken && login.subject.registration() && login.subject.application->login.generateRefreshTokens) {
        RefreshToken token{Uuid::random(), user.tenantId, user.id, applicationId};
        token.authenticationInstant = now;
        if (metaData && metaData->object()) token.metaData = *metaData;
        login.refreshToken = state.refreshTokens.issue(std::move(token), login.subject.jwt, now);
    }
    return login;
}

/// The answer with a token for that context, or without one.
ApiAnswer answerOf(const Login& login, AuthenticationContext* context, std::int64_t now) {
    const auto& subject = login.subject;
    ApiAnswer answer = ApiAnswer::empty(subject.application && !subject.registration() ? 202 : 200);
    Json::Object members;
    if (context) {
        if (login.refreshToken) {
            context->sid = login.refreshToken->id;
            members.emplace_back("refreshToken", jsonText(login.refreshToken->token));
            members.emplace_back("refreshTokenId", jsonText(login.refreshToken->id.toText()));
            answer.cookies.push_back(refreshTokenCookie(login.refreshToken->token, subject.jwt));
        }
        const auto token = AccessToken::mint(subject, *context, context->instant);
        members.emplace_back("token", jsonText(token.text));
        members.emplace_back("tokenExpirationInstant",
                             jsonInteger(now + subject.jwt.timeToLiveInSeconds * millisecondsPerSecond));
        answer.cookies.push_back(accessTokenCookie(token.text));
    }
    members.emplace_back("user", subject.user.toJson());
    answer.body = Json(std::move(members));
    return answer;
}

/// What FusionAuth answers to somebody who does not get in.
ApiAnswer refusalOf(const Authentication::Result& result) {
    using Outcome = Authentication::Outcome;
    ApiAnswer answer = ApiAnswer::empty(404);
    if (result.outcome == Outcome::locked) answer.status = 423;
    if (result.outcome == Outcome::expired) answer.status = 410;
    if (result.outcome == Outcome::passwordChangeRequired) {
        answer.status = 203;
        answer.body =
            Json(Json::Object{{"changePasswordId", jsonText(result.user->changePasswordId->toText())},
                              {"changePasswordReason", jsonText("Administrative")}});
    }
    if (result.outcome == Outcome::prevented) {
        answer.status = 409;
        const Json action(Json::Object{{"actionId", jsonText(result.actionId->toText())},
                                       {"expiry", jsonInteger(result.user->lockedUntil)}});
        answer.body = Json(Json::Object{{"actions", Json(Json::Array{action})}});
    }
    return answer;
}

}  // namespace

void LoginApi::addTo(ApiRouter& router) {
    router.add("POST", "/api/login", Access::open, [this](const ApiCall& call) { return login(call); });
    router.add("PUT", "/api/login/{userId}/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return ping(call); });
}

ApiAnswer LoginApi::login(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto applicationId = body.uuid("applicationId");
    const auto& apiKey = call.request.apiKey;
    const bool admitted = _directory.read([&](const DirectoryState& state) {
        return !needsApiKey(state, applicationId) || (apiKey && state.admits(*apiKey, "/api/login", "POST"));
    });
    if (!admitted) return ApiAnswer::empty(401);

    const auto loginId = body.requiredString("loginId");
    const auto password = body.requiredString("password");
    const bool withToken = !body.boolean("noJWT").value_or(false);
    _directory.read([&](const DirectoryState& state) {
        const auto found = applicationId ? state.applications.find(*applicationId) : state.applications.end();
        if (applicationId && (found == state.applications.end() || !found->second.active)) {
            body.refuse("applicationId", "invalid", "no active application has this id");
        }
    });
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const auto result = _authentication.authenticate(loginId, password);
    if (result.outcome != Authentication::Outcome::authenticated) return refusalOf(result);
    const auto now = instantOf(_clock);
    const auto login = _directory.change([&](DirectoryState& state) {
        return noteLogin(state, result.user->id, applicationId, withToken, call.body.find("metaData"), now);
    });
    if (!login) return ApiAnswer::empty(404);
    AuthenticationContext context{"PASSWORD", now / millisecondsPerSecond};
    return answerOf(*login, withToken ? &context : nullptr, now);
}

ApiAnswer LoginApi::ping(const ApiCall& call) {
    const auto now = instantOf(_clock);
    const auto login = _directory.change([&](DirectoryState& state) {
        const auto user = state.users.find(*call.id);
        const bool isRegistered = user != state.users.end() && user->second.registrationWith(*call.secondId);
        return isRegistered ? noteLogin(state, *call.id, call.secondId, false, nullptr, now) : std::nullopt;
    });
    if (!login) return ApiAnswer::empty(404);
    if (!login->subject.user.active) return ApiAnswer::empty(423);
    AuthenticationContext context{"PING", now / millisecondsPerSecond};
    return answerOf(*login, &context, now);
}

}  // namespace changebank::kickstart
