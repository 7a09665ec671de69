#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/login/Authentication.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/TokenCookies.h"
#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

/// The application that a login names; nullptr without one. Adds an error if it is unknown or inactive.
const Application* readLoginApplication(ApiCall& call) {
    const auto id = call.reader().uuid("applicationId");
    if (!id) return nullptr;
    const auto* found = call.find(call.state.applications, *id);
    if (found && found->active) return found;
    call.reader().addError("applicationId", "invalid", "no active application has this id");
    return nullptr;
}

bool needsApiKey(const ApiCall& call, const Application* application, const std::optional<Uuid>& tenantId) {
    if (application) return application->loginRequiresApiKey;
    return !tenantId || call.state.tenants.at(*tenantId).loginRequiresApiKey;
}

/// The refresh token for a login, if its application issues them.
std::optional<RefreshTokens::Issued> issueAtLogin(ApiCall& call, const TokenSubject& subject) {
    if (!subject.registration() || !subject.application->loginYieldsRefreshToken) return std::nullopt;
    RefreshToken token{Uuid::random(), subject.tenant.id, subject.user.id, subject.application->id};
    token.authenticationInstant = call.now;
    return call.state.refreshTokens.issue(std::move(token), subject.jwt, call.now);
}

void addTokens(ApiResponse& response, Poco::JSON::Object& members, ApiCall& call,
               const TokenSubject& subject) {
    AuthenticationContext context;
    context.instant = call.now / millisecondsPerSecond;
    if (const auto refreshToken = issueAtLogin(call, subject)) {
        context.sid = refreshToken->id;
        members.set("refreshToken", refreshToken->token);
        members.set("refreshTokenId", refreshToken->id.toText());
        response.cookies.push_back(refreshTokenCookie(refreshToken->token, subject.jwt));
    }
    const auto token = AccessToken::mint(subject, context, context.instant);
    members.set("token", token.text);
    members.set("tokenExpirationInstant", call.now + subject.jwt.timeToLiveInSeconds * millisecondsPerSecond);
    response.cookies.push_back(accessTokenCookie(token.text));
}

ApiResponse logIn(ApiCall& call) {
    const auto body = call.reader();
    const auto* application = readLoginApplication(call);
    const auto tenantId = application ? application->tenantId : call.requireTenant();
    const auto& apiKey = call.request.apiKey;
    if (needsApiKey(call, application, tenantId) && !(apiKey && call.state.hasApiKey(*apiKey))) {
        return ApiResponse::empty(401);
    }
    const auto loginId = body.requiredString("loginId");
    const auto password = body.requiredString("password");
    const bool withToken = !body.boolean("noJWT").value_or(false);
    if (!call.errors.empty()) return call.badRequest();

    const auto result = authenticate(call.state, *tenantId, loginId, password);
    if (result.outcome == Authentication::Outcome::locked) return ApiResponse::empty(423);
    if (!result.user) return ApiResponse::empty(404);
    auto& user = call.state.users.at(result.user->id);
    const auto applicationId = application ? std::optional<Uuid>(application->id) : std::nullopt;
    recordLogin(user, applicationId, call.now);
    const auto subject = TokenSubject::of(call.state, user, applicationId);
    ApiResponse response = ApiResponse::empty(application && !subject.registration() ? 202 : 200);
    auto members = jsonObject();
    if (withToken) addTokens(response, members, call, subject);
    members.set("user", user.toJson());
    response.body = members;
    return response;
}

}  // namespace

void addLoginApi(ApiRouter& router) {
    router.add({{"POST", "/api/login", Access::open, logIn}});
}

}  // namespace changebank::kickstart
