#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/tokens/RefreshTokenUse.h"
#include "changebank/kickstart/tokens/TokenCookies.h"
#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

ApiResponse badRequest(ApiCall& call, const char* field, const char* kind, const char* message) {
    call.errors.addField(field, kind, message);
    return call.badRequest();
}

/// The refresh token of the cookie, else of the query, else of the body.
std::string refreshTokenOf(ApiCall& call) {
    if (const auto token = call.request.cookie("refresh_token")) return *token;
    if (const auto token = call.request.parameter("refreshToken")) return *token;
    return call.reader().string("refreshToken").value_or("");
}

ApiResponse refresh(ApiCall& call) {
    auto& state = call.state;
    const auto token = refreshTokenOf(call);
    if (!call.errors.empty()) return call.badRequest();
    if (token.empty()) return badRequest(call, "refreshToken", "blank", "is required");
    const auto* found = state.refreshTokens.find(token, call.now);
    const auto application = found ? state.applications.find(found->applicationId) : state.applications.end();
    if (application != state.applications.end() && !application->second.allowsTokenRefresh) {
        return badRequest(call, "refreshToken", "invalid",
                          "the application's loginConfiguration.allowTokenRefresh is not true");
    }
    if (found && !found->keyThumbprint.empty()) {
        return badRequest(call, "refreshToken", "invalid",
                          "is bound to a DPoP key; only /oauth2/token takes the proof that it needs");
    }
    const auto used = RefreshTokenUse::of(state, token, call.now);
    if (!used)
        return badRequest(call, "refreshToken", "invalid", "is unknown, expired, already used or revoked");

    const auto fresh = AccessToken::mint(used->subject, used->context(), call.now / millisecondsPerSecond);
    auto response = ApiResponse::ok(jsonObject({{"refreshToken", used->issued.token},
                                                {"refreshTokenId", used->issued.id.toText()},
                                                {"token", fresh.text}}));
    response.cookies = {accessTokenCookie(fresh.text),
                        refreshTokenCookie(used->issued.token, used->subject.jwt)};
    return response;
}

ApiResponse revoke(ApiCall& call) {
    const auto text = call.request.parameter("token");
    RefreshTokenSelection selection;
    selection.id = call.id;
    selection.ofTenant = call.tenantId;
    selection.userId = call.request.uuid("userId", call.errors);
    selection.applicationId = call.request.uuid("applicationId", call.errors);
    if (!call.errors.empty()) return call.badRequest();
    const auto& tokens = call.state.refreshTokens;
    if (text || selection.id) {
        const auto* found = text ? tokens.find(*text, call.now) : tokens.find(*selection.id, call.now);
        if (!found || !call.concerns(found->tenantId)) return ApiResponse::empty(404);
        selection.id = found->id;
    } else if (!selection.userId && !selection.applicationId) {
        return badRequest(call, "token", "blank", "name a token, a token's id, a userId or an applicationId");
    }
    revokeRefreshTokens(call.state, selection, call.now);
    return ApiResponse::empty(200);
}

ApiResponse logOut(ApiCall& call) {
    const bool isGlobal =
        call.request.parameter("global") == "true" || call.reader().boolean("global").value_or(false);
    const auto token = refreshTokenOf(call);
    if (!call.errors.empty()) return call.badRequest();
    if (const auto* found = call.state.refreshTokens.find(token, call.now)) {
        RefreshTokenSelection selection;
        (isGlobal ? selection.userId : selection.id) = isGlobal ? found->userId : found->id;
        revokeRefreshTokens(call.state, selection, call.now);
    }
    auto response = ApiResponse::empty(200);
    response.cookies = {endOfCookie("access_token"), endOfCookie("refresh_token")};
    return response;
}

}  // namespace

void addRefreshTokenApi(ApiRouter& router) {
    router.add({{"POST", "/api/jwt/refresh", Access::open, refresh},
                {"DELETE", "/api/jwt/refresh", Access::apiKey, revoke},
                {"DELETE", "/api/jwt/refresh/{tokenId}", Access::apiKey, revoke},
                {"POST", "/api/logout", Access::open, logOut}});
}

}  // namespace changebank::kickstart
