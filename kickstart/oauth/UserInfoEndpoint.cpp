#include "kickstart/oauth/UserInfoEndpoint.h"

#include <Poco/String.h>

#include "kickstart/Instant.h"
#include "kickstart/IssuedToken.h"
#include "kickstart/JsonValues.h"
#include "kickstart/UserClaims.h"
#include "kickstart/oauth/Scopes.h"

namespace changebank::kickstart {

using security::Json;

namespace {

OAuthError invalidToken(std::string reason, std::string description) {
    return {"invalid_token", std::move(reason), std::move(description)};
}

std::string textOf(const Json& claims, const char* name) {
    const auto* claim = claims.find(name);
    return claim && claim->string() ? *claim->string() : std::string();
}

/// Who a token is about, and for which application.
struct Holder {
    User user;
    Application application;
};

std::optional<Holder> holderOf(const DirectoryState& state, const Json& claims) {
    const auto userId = uuidClaim(claims, "sub");
    const auto applicationId = uuidClaim(claims, "aud");
    if (!userId || !applicationId) return std::nullopt;
    const auto user = state.users.find(*userId);
    const auto application = state.applications.find(*applicationId);
    if (user == state.users.end() || !user->second.active || application == state.applications.end() ||
        !application->second.active) {
        return std::nullopt;
    }
    return Holder{user->second, application->second};
}

Json strictInfo(const Holder& holder, const Scopes& scopes) {
    Json::Object members;
    if (scopes.has("email")) addEmailClaims(members, holder.user);
    if (scopes.has("profile")) addProfileClaims(members, holder.user);
    if (scopes.has("phone")) addPhoneClaims(members, holder.user);
    members.emplace_back("sub", jsonText(holder.user.id.toText()));
    return Json(std::move(members));
}

Json wholeInfo(const Holder& holder) {
    Json::Object members;
    const auto* registration = holder.user.registrationWith(holder.application.id);
    if (registration) members.emplace_back("applicationId", jsonText(holder.application.id.toText()));
    addEmailClaims(members, holder.user);
    addProfileClaims(members, holder.user);
    addPhoneClaims(members, holder.user);
    if (registration) members.emplace_back("roles", jsonTexts(registration->roles));
    members.emplace_back("sub", jsonText(holder.user.id.toText()));
    return Json(std::move(members));
}

}  // namespace

WebAnswer UserInfoEndpoint::answer(const WebRequest& request) const {
    const auto space = request.authorization.find(' ');
    const bool isBearer =
        space != std::string::npos && Poco::icompare(request.authorization.substr(0, space), "bearer") == 0;
    return answerTo(isBearer ? request.authorization.substr(space + 1) : std::string());
}

WebAnswer UserInfoEndpoint::answerTo(const std::string& token) const {
    const auto info = userInfo(token);
    if (const auto* claims = std::get_if<Json>(&info)) return WebAnswer::json(200, *claims);
    const auto& error = std::get<OAuthError>(info);
    const bool lacksScope = error.error == "insufficient_scope";
    auto answer = WebAnswer::refusal(lacksScope ? 403 : 401, error);
    // RFC 6750 section 3.1: no error code for a request without a token.
    answer.add("WWW-Authenticate", "Bearer realm=\"kickstartd\"" +
                                       (token.empty() ? std::string() : ", error=\"" + error.error + '"'));
    return answer;
}

std::variant<Json, OAuthError> UserInfoEndpoint::userInfo(const std::string& token) const {
    if (token.empty()) return invalidToken("access_token_required", "The request carries no access token.");
    const auto claims = _directory.read([&](const DirectoryState& state) {
        return claimsOfIssuedToken(state, token, instantOf(_clock) / millisecondsPerSecond);
    });
    if (!claims) {
        return invalidToken("access_token_invalid",
                            "The access token is malformed, expired or not signed here.");
    }
    const auto holder =
        _directory.read([&](const DirectoryState& state) { return holderOf(state, *claims); });
    if (!holder) {
        return invalidToken("access_token_invalid",
                            "The token's user or application is not there, or not active.");
    }
    if (!holder->application.oauth.strictScopes) return wholeInfo(*holder);
    if (textOf(*claims, "tty") != "at")
        return invalidToken("access_token_invalid", "This is no access token.");
    const auto scopes = Scopes::parse(textOf(*claims, "scope"));
    if (scopes && scopes->has("openid")) return strictInfo(*holder, *scopes);
    return OAuthError{"insufficient_scope", "missing_required_scope",
                      "The access token lacks the scope openid."};
}

}  // namespace changebank::kickstart
