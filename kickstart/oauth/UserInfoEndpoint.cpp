#include <Poco/String.h>

#include <variant>

#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/tokens/IssuedToken.h"
#include "changebank/kickstart/tokens/Scopes.h"
#include "changebank/kickstart/tokens/UserClaims.h"
#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

OAuthError invalidToken(std::string reason, std::string description) {
    return {"invalid_token", std::move(reason), std::move(description)};
}

std::string claimOf(const Json& claims, const char* name) {
    const auto* claim = claims.find(name);
    return claim && claim->string() ? *claim->string() : std::string();
}

/// The claims about the user that the token's scopes cover; all if the application's scopes are not strict.
Poco::JSON::Object infoOf(const User& user, const Application& application, const std::string& scopes) {
    const bool isAll = !application.oauth.strictScopes;
    auto members = jsonObject({{"sub", user.id.toText()}});
    if (isAll || hasScope(scopes, "email")) addEmailClaims(members, user);
    if (isAll || hasScope(scopes, "profile")) addProfileClaims(members, user);
    if (isAll || hasScope(scopes, "phone")) addPhoneClaims(members, user);
    const auto* registration = user.registrationWith(application.id);
    if (isAll && registration) {
        members.set("applicationId", application.id.toText());
        members.set("roles", jsonTexts(registration->roles));
    }
    return members;
}

std::variant<Poco::JSON::Object, OAuthError> infoFor(const DirectoryState& state, std::int64_t seconds,
                                                     const std::string& token) {
    if (token.empty()) return invalidToken("access_token_required", "The request carries no access token.");
    const auto claims = claimsOfIssuedToken(state, token, seconds);
    if (!claims) {
        return invalidToken("access_token_invalid",
                            "The access token is malformed, expired or not issued by this server.");
    }
    const auto client = findClient(state, clientIdOfClaims(*claims));
    const auto userId = uuidClaim(*claims, "sub");
    const auto user = userId ? state.users.find(*userId) : state.users.end();
    if (user == state.users.end() || !user->second.active || !std::holds_alternative<OAuthClient>(client)) {
        return invalidToken("access_token_invalid",
                            "The token's user or application does not exist or is not active.");
    }
    const auto& application = std::get<OAuthClient>(client).application;
    const auto scopes = claimOf(*claims, "scope");
    if (!application.oauth.strictScopes) return infoOf(user->second, application, scopes);
    if (claimOf(*claims, "tty") != "at")
        return invalidToken("access_token_invalid", "This is not an access token.");
    if (hasScope(scopes, "openid")) return infoOf(user->second, application, scopes);
    return OAuthError{"insufficient_scope", "missing_required_scope",
                      "The access token lacks the scope openid."};
}

}  // namespace

WebResponse userInfoFor(const OAuthCall& call, const std::string& token) {
    const auto info = infoFor(call.state, call.now / millisecondsPerSecond, token);
    if (const auto* claims = std::get_if<Poco::JSON::Object>(&info)) return WebResponse::json(200, *claims);
    const auto& error = std::get<OAuthError>(info);
    auto response = WebResponse::error(error.error == "insufficient_scope" ? 403 : 401, error);
    // RFC 6750 section 3.1: no error code for a request without a token.
    response.add("WWW-Authenticate", "Bearer realm=\"kickstartd\"" +
                                         (token.empty() ? std::string() : ", error=\"" + error.error + '"'));
    return response;
}

WebResponse userInfo(const OAuthCall& call) {
    const auto& authorization = call.request.authorization;
    const auto space = authorization.find(' ');
    const bool isBearer =
        space != std::string::npos && Poco::icompare(authorization.substr(0, space), "bearer") == 0;
    return userInfoFor(call, isBearer ? authorization.substr(space + 1) : "");
}

}  // namespace changebank::kickstart
