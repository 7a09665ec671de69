#include "kickstart/RefreshTokenApi.h"

#include <variant>

#include "kickstart/AccessToken.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/RefreshTokenUse.h"
#include "kickstart/TokenCookies.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer refuse(const char* field, const char* kind, const char* message) {
    Errors errors;
    errors.addField(field, kind, message);
    return ApiAnswer::refused(errors);
}

ApiAnswer answerOf(const RefreshTokenUse& used, std::optional<std::int64_t> timeToLive, std::int64_t now) {
    const auto token =
        AccessToken::mint(used.subject, used.context(), now / millisecondsPerSecond, timeToLive);
    auto answer = ApiAnswer::ok(Json(Json::Object{{"refreshToken", jsonText(used.issued.token)},
                                                  {"refreshTokenId", jsonText(used.issued.id.toText())},
                                                  {"token", jsonText(token.text)}}));
    answer.cookies = {accessTokenCookie(token.text), refreshTokenCookie(used.issued.token, used.subject.jwt)};
    return answer;
}

/// Uses a refresh token, unless its application or the lifetime that is asked for forbids it.
std::variant<RefreshTokenUse, ApiAnswer> use(DirectoryState& state, const std::string& token,
                                             std::optional<std::int64_t> timeToLive, std::int64_t now) {
    const auto* found = state.refreshTokens.find(token, now);
    if (found && found->applicationId && state.applications.contains(*found->applicationId)) {
        const auto& application = state.applications.at(*found->applicationId);
        if (!application.login.allowTokenRefresh) {
            return refuse("refreshToken", "invalid",
                          "the application's loginConfiguration.allowTokenRefresh is not true");
        }
        const auto jwt = state.jwtOf(application);
        if (timeToLive && *timeToLive > jwt.timeToLiveInSeconds) {
            return refuse("timeToLiveInSeconds", "invalid", "is longer than the configured lifetime");
        }
    }
    if (auto used = RefreshTokenUse::of(state, token, now)) return std::move(*used);
    return refuse("refreshToken", "invalid", "is unknown, expired, used up or revoked");
}

}  // namespace

void RefreshTokenApi::addTo(ApiRouter& router) {
    router.add("POST", "/api/jwt/refresh", Access::open,
               [this](const ApiCall& call) { return refresh(call); });
    const auto revocation = [this](const ApiCall& call) { return revoke(call); };
    router.add("DELETE", "/api/jwt/refresh", Access::apiKey, revocation);
    router.add("DELETE", "/api/jwt/refresh/{tokenId}", Access::apiKey, revocation);
    router.add("POST", "/api/logout", Access::open, [this](const ApiCall& call) { return logOut(call); });
}

ApiAnswer RefreshTokenApi::refresh(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    auto token = call.request.cookie("refresh_token");
    if (!token) token = body.string("refreshToken");
    const auto timeToLive = body.positive("timeToLiveInSeconds");
    if (!errors.empty()) return ApiAnswer::refused(errors);
    if (!token || token->empty()) return refuse("refreshToken", "blank", "is required");

    const auto now = instantOf(_clock);
    const auto outcome =
        _directory.change([&](DirectoryState& state) { return use(state, *token, timeToLive, now); });
    if (const auto* refusal = std::get_if<ApiAnswer>(&outcome)) return *refusal;
    const auto& used = std::get<RefreshTokenUse>(outcome);
    auto answer = answerOf(used, timeToLive, now);
    const auto original = body.string("token");
    _directory.change([&](DirectoryState& state) {
        publishRefresh(state, used, *answer.body->find("token")->string(), original.value_or(""), now);
    });
    return answer;
}

ApiAnswer RefreshTokenApi::revoke(const ApiCall& call) {
    Errors errors;
    const auto text = call.request.parameter("token");
    RefreshTokenSelection selection;
    selection.id = call.id;
    selection.ofTenant = call.tenantId;
    selection.userId = call.request.uuid("userId", errors);
    selection.applicationId = call.request.uuid("applicationId", errors);

    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const bool isOne = selection.id || text;
        if (!errors.empty()) return ApiAnswer::refused(errors);
        if (!isOne && !selection.userId && !selection.applicationId) {
            return refuse("token", "blank", "say which ones: token, a token's id, userId or applicationId");
        }
        if (text) {
            const auto* found = state.refreshTokens.find(*text, now);
            if (!found) return ApiAnswer::empty(404);
            selection.id = found->id;
        }
        if (isOne) {
            const auto* found = state.refreshTokens.find(*selection.id, now);
            if (!found || !call.concerns(found->tenantId)) return ApiAnswer::empty(404);
        }
        revokeRefreshTokens(state, selection, now);
        return ApiAnswer::empty(200);
    });
}

ApiAnswer RefreshTokenApi::logOut(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const bool global = call.request.parameter("global") == "true" || body.boolean("global").value_or(false);
    auto token = call.request.cookie("refresh_token");
    if (!token) token = call.request.parameter("refreshToken");
    if (!token) token = body.string("refreshToken");
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const auto now = instantOf(_clock);
    auto answer = ApiAnswer::empty(200);
    answer.cookies = {endOfCookie("access_token"), endOfCookie("refresh_token")};
    if (!token) return answer;
    _directory.change([&](DirectoryState& state) {
        const auto* found = state.refreshTokens.find(*token, now);
        if (!found) return;
        RefreshTokenSelection selection;
        (global ? selection.userId : selection.id) = global ? found->userId : found->id;
        revokeRefreshTokens(state, selection, now);
    });
    return answer;
}

}  // namespace changebank::kickstart
