#include "kickstart/LoginApi.h"

#include "kickstart/AccessToken.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/LoginRecord.h"
#include "kickstart/TokenCookies.h"
#include "kickstart/TokenSubject.h"

namespace changebank::kickstart {

using security::Json;

namespace {

/// The application that a login names; nullptr without one. One that nobody can log in to is noted.
const Application* readApplication(const ApiCall& call, const BodyReader& body, const DirectoryState& state) {
    const auto id = body.uuid("applicationId");
    if (!id) return nullptr;
    const auto* found = call.find(state.applications, *id);
    if (!found || !found->active) {
        body.refuse("applicationId", "invalid", "no active application has this id");
    }
    return found;
}

/// The tenant to log in at, which the application tells.
std::optional<Uuid> tenantOf(const ApiCall& call, const DirectoryState& state, const Application* application,
                             Errors& errors) {
    return application ? std::optional<Uuid>(application->tenantId) : call.requireTenant(state, errors);
}

bool needsApiKey(const DirectoryState& state, const Application* application,
                 const std::optional<Uuid>& tenantId) {
    if (application) return application->login.requireAuthentication;
    return !tenantId || !state.tenants.contains(*tenantId) || state.tenants.at(*tenantId).loginRequiresApiKey;
}

/// What a login has brought about in the state.
struct Login {
    TokenSubject subject;
    int status = 200;
    std::optional<RefreshTokens::Issued> refreshToken{};
    /// By which the email address or the registration may be verified, and how the answer calls it.
    std::optional<Uuid> verificationId{};
    const char* verificationName = nullptr;
};

/// Gives out the id with which something is verified, where it goes into a form together with a code.
void beginVerification(Login& login, const VerificationPolicy& policy, const char* name,
                       std::optional<Verification>& verification, std::int64_t now) {
    if (!policy.asksForCode) return;
    verification = Verification::begin(login.subject.tenant, now);
    login.verificationId = verification->id;
    login.verificationName = name;
}

/// Finds out with which status the user is let in.
void judgeVerification(Login& login, User& user, std::int64_t now) {
    const auto& subject = login.subject;
    const auto& ofEmail = subject.tenant.emailVerification;
    if (ofEmail.isRequired && user.verifiedInstant == 0) {
        login.status = 212;
        beginVerification(login, ofEmail, "emailVerificationId", user.verification, now);
    } else if (subject.application && !subject.registration()) {
        login.status = 202;
    } else if (subject.registration() && subject.application->registrationVerification.isRequired &&
               !subject.registration()->verified) {
        login.status = 213;
        beginVerification(login, subject.application->registrationVerification, "registrationVerificationId",
                          user.registrations.at(subject.application->id).verification, now);
    }
}

/// Whether the application, if there is one, is still there, and is one of the user's tenant.
bool fits(const User& user, const std::optional<Uuid>& applicationId, const DirectoryState& state) {
    if (!applicationId) return true;
    const auto found = state.applications.find(*applicationId);
    return found != state.applications.end() && found->second.tenantId == user.tenantId;
}

/// Notes the login in the state. The user may have gone since the password was checked, and the application,
/// too.
std::optional<Login> noteLogin(DirectoryState& state, const Uuid& userId,
                               const std::optional<Uuid>& applicationId, const LoginRequest& request,
                               std::int64_t now) {
    const auto found = state.users.find(userId);
    if (found == state.users.end() || !fits(found->second, applicationId, state)) return std::nullopt;
    auto& user = found->second;
    recordLogin(state, user, applicationId, request.type, now);
    Login login{TokenSubject::of(state, user, applicationId)};
    judgeVerification(login, user, now);
    if (request.withToken && login.subject.registration() &&
        login.subject.application->login.generateRefreshTokens) {
        RefreshToken token{Uuid::random(), user.tenantId, user.id, applicationId};
        token.authenticationInstant = now;
        if (request.metaData && request.metaData->object()) token.metaData = *request.metaData;
        login.refreshToken = state.refreshTokens.issue(std::move(token), login.subject.jwt, now);
    }
    return login;
}

/// The answer with a token, if one is asked for.
ApiAnswer answerOf(const Login& login, const LoginRequest& request, std::int64_t now) {
    const auto& subject = login.subject;
    ApiAnswer answer = ApiAnswer::empty(login.status);
    Json::Object members;
    if (login.verificationId) {
        members.emplace_back(login.verificationName, jsonText(login.verificationId->toText()));
    }
    if (request.withToken) {
        AuthenticationContext context{request.type, now / millisecondsPerSecond};
        if (login.refreshToken) {
            context.sid = login.refreshToken->id;
            members.emplace_back("refreshToken", jsonText(login.refreshToken->token));
            members.emplace_back("refreshTokenId", jsonText(login.refreshToken->id.toText()));
            answer.cookies.push_back(refreshTokenCookie(login.refreshToken->token, subject.jwt));
        }
        const auto token = AccessToken::mint(subject, context, context.instant);
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
    if (result.outcome == Outcome::wrongCode) answer.status = 421;
    if (result.outcome == Outcome::twoFactorRequired) {
        answer.status = 242;
        answer.body = Json(Json::Object{{"methods", toJson(result.user->twoFactorMethods)},
                                        {"twoFactorId", jsonText(result.user->pendingLogin->id.toText())}});
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
    router.add("POST", "/api/two-factor/login", Access::open,
               [this](const ApiCall& call) { return complete(call); });
    router.add("PUT", "/api/login/{userId}/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return ping(call); });
}

ApiAnswer LoginApi::login(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto& apiKey = call.request.apiKey;
    std::optional<Uuid> applicationId;
    std::optional<Uuid> tenantId;
    const bool admitted = _directory.read([&](const DirectoryState& state) {
        const auto* application = readApplication(call, body, state);
        if (application) applicationId = application->id;
        tenantId = tenantOf(call, state, application, errors);
        return !needsApiKey(state, application, tenantId) ||
               (apiKey && state.admits(*apiKey, "/api/login", "POST"));
    });
    if (!admitted) return ApiAnswer::empty(401);

    const auto loginId = body.requiredString("loginId");
    const auto password = body.requiredString("password");
    const LoginRequest request{"PASSWORD", !body.boolean("noJWT").value_or(false),
                               call.body.find("metaData")};
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const auto result = _authentication.authenticate(*tenantId, loginId, password);
    return answerTo(result, applicationId, request);
}

ApiAnswer LoginApi::complete(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    std::optional<Uuid> applicationId;
    _directory.read([&](const DirectoryState& state) {
        if (const auto* application = readApplication(call, body, state)) applicationId = application->id;
    });
    const auto code = body.requiredString("code");
    if (!body.has("twoFactorId")) body.refuse("twoFactorId", "blank", "is required");
    const auto twoFactorId = body.uuid("twoFactorId");
    const LoginRequest request{"PASSWORD", !body.boolean("noJWT").value_or(false),
                               call.body.find("metaData")};
    if (!errors.empty()) return ApiAnswer::refused(errors);
    return answerTo(_authentication.complete(*twoFactorId, code), applicationId, request);
}

ApiAnswer LoginApi::answerTo(const Authentication::Result& result, const std::optional<Uuid>& applicationId,
                             const LoginRequest& request) {
    if (result.outcome != Authentication::Outcome::authenticated) return refusalOf(result);
    const auto now = instantOf(_clock);
    const auto login = _directory.change([&](DirectoryState& state) {
        return noteLogin(state, result.user->id, applicationId, request, now);
    });
    return login ? answerOf(*login, request, now) : ApiAnswer::empty(404);
}

ApiAnswer LoginApi::ping(const ApiCall& call) {
    const auto now = instantOf(_clock);
    const auto login = _directory.change([&](DirectoryState& state) {
        const auto* user = call.find(state.users, *call.id);
        const bool isRegistered = user && user->registrationWith(*call.secondId);
        return isRegistered ? noteLogin(state, *call.id, call.secondId, {"PING", false}, now) : std::nullopt;
    });
    if (!login) return ApiAnswer::empty(404);
    if (!login->subject.user.active) return ApiAnswer::empty(423);
    return answerOf(*login, {"PING"}, now);
}

}  // namespace changebank::kickstart
