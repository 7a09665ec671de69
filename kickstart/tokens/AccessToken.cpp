#include "changebank/kickstart/tokens/AccessToken.h"

#include "changebank/kickstart/tokens/UserClaims.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

/// As FusionAuth 1.67 writes it: a string, or with resources (RFC 8707) an array.
Poco::Dynamic::Var audienceOf(const Application& application, const std::vector<std::string>& resources) {
    if (resources.empty()) return application.id.toText();
    Poco::JSON::Array audience;
    audience.add(application.id.toText());
    for (const auto& resource : resources) {
        audience.add(resource);
    }
    return audience;
}

}  // namespace

AccessToken AccessToken::mint(const TokenSubject& subject, const AuthenticationContext& context,
                              std::int64_t now) {
    const auto& user = subject.user;
    const auto& application = subject.application;
    const auto* registration = subject.registration();
    const bool isOfGrant = !context.grants.empty();
    const bool hasNames = !isOfGrant || !application || !application->oauth.strictScopes;
    const auto expiresAt = now + subject.jwt.timeToLiveInSeconds;

    auto claims = jsonObject();
    if (application) claims.set("aud", audienceOf(*application, context.resources));
    claims.set("exp", expiresAt);
    claims.set("iat", now);
    claims.set("iss", subject.tenant.issuer);
    claims.set("sub", user.id.toText());
    claims.set("jti", Uuid::random().toText());
    claims.set("authenticationType", context.type);
    if (hasNames) addEmailClaims(claims, user);
    if (hasNames && !user.username.empty()) {
        claims.set("preferred_username", user.username);
    }
    if (registration) claims.set("applicationId", application->id.toText());
    if (isOfGrant) {
        claims.set("gty", jsonTexts(context.grants));
        claims.set("scope", context.scope);
    }
    if (registration) claims.set("roles", jsonTexts(registration->roles));
    if (context.sid) claims.set("sid", context.sid->toText());
    if (!context.keyThumbprint.empty()) claims.set("cnf", jsonObject({{"jkt", context.keyThumbprint}}));
    claims.set("auth_time", context.instant);
    claims.set("tid", subject.tenant.id.toText());
    claims.set("tty", "at");

    return {expiresAt, subject.accessTokenKey->sign(claims)};
}

}  // namespace changebank::kickstart
