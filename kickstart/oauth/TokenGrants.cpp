#include "changebank/kickstart/oauth/TokenGrants.h"

#include <algorithm>

#include "changebank/kickstart/login/Authentication.h"
#include "changebank/kickstart/oauth/ProofKey.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/IdToken.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/tokens/RefreshTokenUse.h"
#include "changebank/kickstart/tokens/Scopes.h"
#include "changebank/kickstart/values/Instant.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

OAuthError invalidGrant(std::string reason, std::string description) {
    return {"invalid_grant", std::move(reason), std::move(description)};
}

OAuthError codeNotFound() {
    return invalidGrant("auth_code_not_found", "The authorization code is unknown, already used or expired.");
}

OAuthError refreshTokenNotFound() {
    return invalidGrant("refresh_token_not_found", "The refresh token is unknown, expired or revoked.");
}

/// The proof is good, but not for this grant, so it is not invalid_dpop_proof.
OAuthError keyMismatch(const std::string& grant) {
    return invalidGrant("unknown", "The " + grant +
                                       " is bound to a key: a proof with that key is needed in the header "
                                       "DPoP.");
}

OAuthError registrationRequired() {
    return invalidGrant("registration_required", "The user is not registered for this application.");
}

bool needsProof(const AuthorizationGrant& grant, const OAuthClient& client, bool isAuthenticated) {
    using Policy = ProofKeyForCodeExchange;
    const auto policy = client.application.oauth.proofKeyForCodeExchange;
    return !grant.challenge.empty() || policy == Policy::required ||
           (policy == Policy::notRequiredWhenUsingClientAuthentication && !isAuthenticated);
}

/// Checks what the client must prove besides the code.
std::optional<OAuthError> faultOf(const AuthorizationGrant& grant, const OAuthClient& client,
                                  const CodeExchange& sent) {
    if (grant.applicationId != client.application.id) {
        return invalidGrant("client_id_mismatch", "The authorization code was given to another client.");
    }
    if (grant.redirectUri != sent.redirectUri) {
        return invalidGrant("invalid_redirect_uri",
                            "The parameter redirect_uri is not that of the authorization request.");
    }
    if (!grant.keyThumbprint.empty() && grant.keyThumbprint != sent.keyThumbprint) {
        return keyMismatch("authorization code");
    }
    if (sent.codeVerifier.empty() && needsProof(grant, client, sent.isAuthenticated)) {
        return OAuthError::missing("code_verifier");
    }
    // A verifier without a challenge means that an attacker removed the challenge (RFC 9700 section 2.1.1).
    if (!sent.codeVerifier.empty() && !ProofKey::fits(sent.codeVerifier, grant.challenge)) {
        return invalidGrant("invalid_pkce_code_verifier",
                            "The parameter code_verifier does not match code_challenge.");
    }
    return std::nullopt;
}

/// Checks the resources of a token request against those that were granted.
std::optional<OAuthError> faultOfResources(const std::vector<std::string>& asked,
                                           const std::vector<std::string>& granted,
                                           const OAuthConfiguration& oauth) {
    for (const auto& resource : asked) {
        if (!oauth.authorizesResource(resource)) {
            return OAuthError::invalidTarget(
                "The parameter resource is not one of the application's resources.");
        }
        if (std::find(granted.begin(), granted.end(), resource) == granted.end())
            return OAuthError::invalidTarget("The parameter resource asks for more than was granted.");
    }
    return std::nullopt;
}

/// The same for a code, with which a client must say again which of its resources it means.
std::optional<OAuthError> faultOfResources(const AuthorizationGrant& grant, const CodeExchange& sent,
                                           const OAuthConfiguration& oauth) {
    const bool isForResources =
        std::any_of(grant.resources.begin(), grant.resources.end(),
                    [&](const auto& resource) { return oauth.authorizesResource(resource); });
    if (isForResources && sent.resources.empty()) {
        return OAuthError::invalidTarget(
            "The parameter resource must name at least one resource of the authorization request.");
    }
    return faultOfResources(sent.resources, grant.resources, oauth);
}

/// The refresh token that comes with the first access token of a login at `loginInstant`; none if the client
/// may not have one.
std::optional<RefreshTokens::Issued> issueRefreshToken(DirectoryState& state, std::int64_t now,
                                                       const TokenSubject& subject,
                                                       const AuthenticationContext& context,
                                                       std::int64_t loginInstant) {
    const auto& application = *subject.application;
    if (!hasScope(context.scope, "offline_access") || !application.oauth.generateRefreshTokens ||
        !application.oauth.enables("refresh_token")) {
        return std::nullopt;
    }
    RefreshToken token{Uuid::random(), subject.tenant.id, subject.user.id, application.id};
    token.authenticationInstant = loginInstant;
    token.grants = context.grants;
    token.scope = context.scope;
    token.resources = context.resources;
    token.keyThumbprint = context.keyThumbprint;
    return state.refreshTokens.issue(std::move(token), subject.jwt, now);
}

GrantedTokens mint(const TokenSubject& subject, AuthenticationContext context, const std::string& nonce,
                   std::optional<RefreshTokens::Issued> refreshToken, std::int64_t now) {
    const auto seconds = now / millisecondsPerSecond;
    if (refreshToken) context.sid = refreshToken->id;
    const auto accessToken = AccessToken::mint(subject, context, seconds);
    // In an id token it would be the id of a single sign-on session.
    context.sid.reset();
    auto idToken = hasScope(context.scope, "openid")
                       ? IdToken::mint(subject, context, {nonce, accessToken.text}, seconds)
                       : std::string();
    constexpr std::int64_t secondsPerMinute = 60;
    return {accessToken.text,
            accessToken.expiresAt,
            accessToken.expiresAt - seconds,
            std::move(idToken),
            std::move(refreshToken),
            subject.jwt.refreshTokenTimeToLiveInMinutes * secondsPerMinute,
            context.scope,
            subject.user.id,
            !context.keyThumbprint.empty()};
}

}  // namespace

Poco::JSON::Object GrantedTokens::toJson() const {
    auto members = jsonObject({{"access_token", accessToken},
                               {"expires_in", expiresIn},
                               {"scope", scope},
                               {"token_type", isBound ? "DPoP" : "Bearer"},
                               {"userId", userId.toText()}});
    if (!idToken.empty()) members.set("id_token", idToken);
    if (refreshToken) {
        members.set("refresh_token", refreshToken->token);
        members.set("refresh_token_id", refreshToken->id.toText());
    }
    return members;
}

std::variant<GrantedTokens, OAuthError> exchangeCode(DirectoryState& state, std::int64_t now,
                                                     const OAuthClient& client, const CodeExchange& sent) {
    auto* grant = state.authorizationCodes.find(sent.code, now);
    if (!grant) return codeNotFound();
    // RFC 6749 section 4.1.2: revoke the tokens of a code that is used again.
    if (grant->isUsed && grant->refreshTokenId)
        revokeRefreshTokens(state, {.id = grant->refreshTokenId}, now);
    if (std::exchange(grant->isUsed, true) || now - grant->instant >= AuthorizationCodes::lifetime)
        return codeNotFound();
    if (auto fault = faultOf(*grant, client, sent)) return std::move(*fault);
    const auto& oauth = client.application.oauth;
    const bool hasResources = !oauth.authorizedResourceUris.empty();
    if (auto fault = hasResources ? faultOfResources(*grant, sent, oauth) : std::nullopt)
        return std::move(*fault);
    const auto user = state.users.find(grant->userId);
    if (user == state.users.end() || !user->second.active)
        return invalidGrant("user_not_found", "The user was deleted or deactivated.");
    if (client.lacksRegistrationOf(user->second)) return registrationRequired();
    const auto subject = TokenSubject::of(state, user->second, client.application.id);
    AuthenticationContext context;
    context.instant = grant->instant / millisecondsPerSecond;
    context.grants = {"authorization_code"};
    context.scope = grant->scope;
    if (hasResources) context.resources = sent.resources;
    context.keyThumbprint = sent.keyThumbprint;
    auto refreshToken = issueRefreshToken(state, now, subject, context, grant->instant);
    if (refreshToken) grant->refreshTokenId = refreshToken->id;
    return mint(subject, std::move(context), grant->nonce, std::move(refreshToken), now);
}

std::variant<GrantedTokens, OAuthError> exchangePassword(DirectoryState& state, std::int64_t now,
                                                         const OAuthClient& client,
                                                         const PasswordExchange& sent) {
    const auto& application = client.application;
    const auto scope = grantedScopes(application, sent.scope);
    if (!scope)
        return OAuthError{"invalid_scope", "unknown_scope", "The parameter scope names an unknown scope."};
    const bool hasResources = !application.oauth.authorizedResourceUris.empty();
    if (auto fault =
            hasResources ? faultOfResources(sent.resources, sent.resources, application.oauth) : std::nullopt)
        return std::move(*fault);
    const auto login = authenticate(state, client.tenant.id, sent.loginId, sent.password);
    if (login.outcome == Authentication::Outcome::unknown)
        return invalidGrant("invalid_user_credentials", "The name or the password is wrong.");
    if (login.outcome == Authentication::Outcome::locked)
        return invalidGrant("login_prevented", "The account is locked.");
    auto& user = state.users.at(login.user->id);
    if (client.lacksRegistrationOf(user)) return registrationRequired();
    recordLogin(user, application.id, now);
    const auto subject = TokenSubject::of(state, user, application.id);
    AuthenticationContext context;
    context.instant = now / millisecondsPerSecond;
    context.grants = {"password"};
    context.scope = *scope;
    if (hasResources) context.resources = sent.resources;
    context.keyThumbprint = sent.keyThumbprint;
    auto refreshToken = issueRefreshToken(state, now, subject, context, now);
    return mint(subject, std::move(context), "", std::move(refreshToken), now);
}

std::variant<GrantedTokens, OAuthError> exchangeRefreshToken(DirectoryState& state, std::int64_t now,
                                                             const OAuthClient& client,
                                                             const RefreshTokenExchange& sent) {
    const auto* found = state.refreshTokens.find(sent.refreshToken, now);
    // Do not use up a token of another client, nor one for a request with a fault.
    if (!found || found->applicationId != client.application.id) return refreshTokenNotFound();
    if (!found->keyThumbprint.empty() && found->keyThumbprint != sent.keyThumbprint)
        return keyMismatch("refresh token");
    if (!areScopesAmong(sent.scope, found->scope)) {
        return OAuthError{"invalid_scope", "unknown_scope",
                          "The parameter scope asks for more than was granted."};
    }
    if (!grantedScopes(client.application, found->scope)) {
        revokeRefreshTokens(state, {.id = found->id}, now);
        return OAuthError{"invalid_scope", "unknown_scope",
                          "The refresh token has a scope that the application no longer has."};
    }
    const auto& oauth = client.application.oauth;
    const bool hasResources = !oauth.authorizedResourceUris.empty();
    if (auto fault = hasResources ? faultOfResources(sent.resources, found->resources, oauth) : std::nullopt)
        return std::move(*fault);
    const auto use = RefreshTokenUse::of(state, sent.refreshToken, now);
    if (!use) return refreshTokenNotFound();
    if (client.lacksRegistrationOf(use->subject.user)) return registrationRequired();
    auto context = use->context();
    context.grants.emplace_back("refresh_token");
    if (!sent.scope.empty()) context.scope = sent.scope;
    if (hasResources && !sent.resources.empty()) context.resources = sent.resources;
    context.keyThumbprint = sent.keyThumbprint;
    return mint(use->subject, std::move(context), "", use->issued, now);
}

}  // namespace changebank::kickstart
