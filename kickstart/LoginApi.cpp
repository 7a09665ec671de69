#include "kickstart/LoginApi.h"

#include "kickstart/AccessToken.h"
#include "kickstart/Authentication.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
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
    std::optional<RefreshTokens::Issued> refreshToken{};
};

/// Whether the application, if there is one, is still there, and is one of the user's tenant.
bool fits(const User& user, const std::optional<Uuid>& applicationId, const DirectoryState& state) {
    if (!applicationId) return true;
    const auto found = state.applications.find(*applicationId);
    return found != state.applications.end() && found->second.tenantId == user.tenantId;
}

/// Notes the login in the state. The user may have gone since the password was checked, and the application,
/// too.
std::optional<Login> noteLogin(DirectoryState& state, const Uuid& userId,
                               const std::optional<Uuid>& applicationId, bool withToken, std::int64_t now) {
    const auto found = state.users.find(userId);
    if (found == state.users.end() || !fits(found->second, applicationId, state)) return std::nullopt;
    auto& user = found->second;
    recordLogin(state, user, applicationId, now);
    Login login{TokenSubject::of(state, user, applicationId)};
    if (withToken && login.subject.registration() && login.subject.application->login.generateRefreshTokens) {
        RefreshToken token{Uuid::random(), user.tenantId, user.id, applicationId};
        token.authenticationInstant = now;
        login.refreshToken = state.refreshTokens.issue(std::move(token), login.subject.jwt, now);
    }
    return login;
}

/// The answer with a token, if one is asked for.
ApiAnswer answerOf(const Login& login, bool withToken, std::int64_t now) {
    const auto& subject = login.subject;
    ApiAnswer answer = ApiAnswer::empty(subject.application && !subject.registration() ? 202 : 200);
    Json::Object members;
    if (withToken) {
        AuthenticationContext context;
        context.instant = now / millisecondsPerSecond;
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

}  // namespace

void LoginApi::addTo(ApiRouter& router) {
    router.add("POST", "/api/login", Access::open, [this](const ApiCall& call) { return login(call); });
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
        return !needsApiKey(state, application, tenantId) || (apiKey && state.findApiKey(*apiKey));
    });
    if (!admitted) return ApiAnswer::empty(401);
    const auto loginId = body.requiredString("loginId");
    const auto password = body.requiredString("password");
    const bool withToken = !body.boolean("noJWT").value_or(false);
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const auto result = authenticate(_directory, *tenantId, loginId, password);
    if (result.outcome == Authentication::Outcome::locked) return ApiAnswer::empty(423);
    if (!result.user) return ApiAnswer::empty(404);
    const auto now = instantOf(_clock);
    const auto login = _directory.change([&](DirectoryState& state) {
        return noteLogin(state, result.user->id, applicationId, withToken, now);
    });
    return login ? answerOf(*login, withToken, now) : ApiAnswer::empty(404);
}

}  // namespace changebank::kickstart
