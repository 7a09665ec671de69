#include "changebank/kickstart/tokens/AccessToken.h"

#include "changebank/kickstart/tokens/UserClaims.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

AccessToken AccessToken::mint(const TokenSubject& subject, const AuthenticationContext& context,
                              std::int64_t now) {
    const auto& user = subject.user;
    const auto& application = subject.application;
    const auto* registration = subject.registration();
    const bool isOfGrant = !context.grants.empty();
    const bool hasNames = !isOfGrant || !application || !application->oauth.strictScopes;
    const auto expiresAt = now + subject.jwt.timeToLiveInSeconds;

    Json::Object claims;
    if (application) claims.emplace_back("aud", jsonText(application->id.toText()));
    claims.emplace_back("exp", jsonInteger(expiresAt));
    claims.emplace_back("iat", jsonInteger(now));
    claims.emplace_back("iss", jsonText(subject.tenant.issuer));
    claims.emplace_back("sub", jsonText(user.id.toText()));
    claims.emplace_back("jti", jsonText(Uuid::random().toText()));
    claims.emplace_back("authenticationType", jsonText(context.type));
    if (hasNames) addEmailClaims(claims, user);
    if (hasNames && !user.username.empty()) {
        claims.emplace_back("preferred_username", jsonText(user.username));
    }
    if (registration) claims.emplace_back("applicationId", jsonText(application->id.toText()));
    if (isOfGrant) {
        claims.emplace_back("gty", jsonTexts(context.grants));
        claims.emplace_back("scope", jsonText(context.scope));
    }
    if (registration) claims.emplace_back("roles", jsonTexts(registration->roles));
    if (context.sid) claims.emplace_back("sid", jsonText(context.sid->toText()));
    claims.emplace_back("auth_time", jsonInteger(context.instant));
    claims.emplace_back("tid", jsonText(subject.tenant.id.toText()));
    claims.emplace_back("tty", jsonText("at"));

    AccessToken token{Json(std::move(claims)), expiresAt, {}};
    token.text = subject.accessTokenKey->sign(token.claims);
    return token;
}

}  // namespace changebank::kickstart
