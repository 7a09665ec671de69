#include "kickstart/oauth/TokenGrants.h"

#include "kickstart/AccessToken.h"
#include "kickstart/IdToken.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/RefreshTokenUse.h"

namespace changebank::kickstart {

using security::Json;

namespace {

OAuthError invalidGrant(std::string reason, std::string description) {
    return {"invalid_grant", std::move(reason), std::move(description)};
}

OAuthError codeNotFound() {
    return invalidGrant("auth_code_not_found", "The authorization code is unknown, used up or too old.");
}

OAuthError userGone() {
    return invalidGrant("user_not_found", "The user was deleted or deactivated.");
}

OAuthError registrationRequired() {
    return invalidGrant("registration_required", "The user is not registered for this application.");
}

bool needsProof(const AuthorizationGrant& grant, const OAuthClient& client, bool isAuthenticated) {
    if (grant.proofKey) return true;
    switch (client.application.oauth.proofKeyForCodeExchange) {
        case ProofKeyForCodeExchange::notRequired:
            return false;
        case ProofKeyForCodeExchange::notRequiredWhenUsingClientAuthentication:
            return !isAuthenticated;
        default:
            return true;
    }
}

/// What the client must prove besides having the code.
std::optional<OAuthError> faultOf(const AuthorizationGrant& grant, const OAuthClient& client,
                                  const std::string& redirectUri, const std::string& codeVerifier,
                                  bool isAuthenticated) {
    if (grant.applicationId != client.application.id) {
        return invalidGrant("client_id_mismatch", "The authorization code was given to another client.");
    }
    if (grant.redirectUri != redirectUri) {
        return invalidGrant("invalid_redirect_uri",
                            "The parameter redirect_uri is not that of the authorization request.");
    }
    if (codeVerifier.empty() && needsProof(grant, client, isAuthenticated)) {
        return OAuthError{"invalid_request", "missing_code_verifier",
                          "The parameter code_verifier is missing."};
    }
    // A verifier without a challenge means that somebody took the challenge away (RFC 9700 section 2.1.1).
    if (!codeVerifier.empty() && (!grant.proofKey || !grant.proofKey->matches(codeVerifier))) {
        return invalidGrant("invalid_pkce_code_verifier",
                            "The parameter code_verifier does not fit code_challenge.");
    }
    return std::nullopt;
}

bool lacksRegistration(const TokenSubject& subject) {
    return subject.application->oauth.requireRegistration && !subject.registration();
}

/// The user as a subject of the client's tokens, if he may have any now.
std::variant<TokenSubject, OAuthError> subjectOf(const DirectoryState& state, const Uuid& userId,
                                                 const Uuid& applicationId) {
    const auto user = state.users.find(userId);
    if (user == state.users.end() || !user->second.active) return userGone();
    if (!state.applications.contains(applicationId)) return codeNotFound();
    auto subject = TokenSubject::of(state, user->second, applicationId);
    if (lacksRegistration(subject)) return registrationRequired();
    return subject;
}

/// A refresh token for the subject, if the scopes and the application call for one.
std::optional<RefreshTokens::Issued> issueRefreshToken(DirectoryState& state, const TokenSubject& subject,
                                                       const AuthenticationContext& context,
                                                       const Scopes& scopes, std::int64_t now) {
    const auto& oauth = subject.application->oauth;
    if (!scopes.has("offline_access") || !oauth.generateRefreshTokens || !oauth.enables("refresh_token")) {
        return std::nullopt;
    }
    RefreshToken token{Uuid::random(), subject.tenant.id, subject.user.id, subject.application->id};
    token.authenticationInstant = context.instant * millisecondsPerSecond;
    token.authenticationType = context.type;
    token.grants = context.grants;
    token.scope = context.scope;
    return state.refreshTokens.issue(std::move(token), subject.jwt, now);
}

/// Mints access and id token. `sessionId` is what the id token says of the browser's session.
GrantedTokens mint(const TokenSubject& subject, AuthenticationContext context, const Scopes& scopes,
                   std::optional<RefreshTokens::Issued> refreshToken, const std::optional<Uuid>& sessionId,
                   const std::string& nonce, std::int64_t now,
                   std::optional<std::int64_t> timeToLiveInSeconds = std::nullopt) {
    const auto seconds = now / millisecondsPerSecond;
    context.scope = scopes.toText();
    if (refreshToken) context.sid = refreshToken->id;
    const auto accessToken = AccessToken::mint(subject, context, seconds, timeToLiveInSeconds);
    std::string idToken;
    if (scopes.has("openid")) {
        context.sid = sessionId;
        idToken = IdToken::mint(subject, context, {nonce, accessToken.text, {}}, seconds);
    }
    constexpr std::int64_t secondsPerMinute = 60;
    return {accessToken.text,
            accessToken.expiresAt,
            accessToken.expiresAt - seconds,
            std::move(idToken),
            std::move(refreshToken),
            subject.jwt.refreshTokenTimeToLiveInMinutes * secondsPerMinute,
            context.scope,
            subject.user.id};
}

}  // namespace

Json GrantedTokens::toJson() const {
    Json::Object members{{"access_token", jsonText(accessToken)}, {"expires_in", jsonInteger(expiresIn)}};
    if (!idToken.empty()) members.emplace_back("id_token", jsonText(idToken));
    if (refreshToken) {
        members.emplace_back("refresh_token", jsonText(refreshToken->token));
        members.emplace_back("refresh_token_id", jsonText(refreshToken->id.toText()));
    }
    if (!scope.empty()) members.emplace_back("scope", jsonText(scope));
    members.emplace_back("token_type", jsonText("Bearer"));
    members.emplace_back("userId", jsonText(userId.toText()));
    return Json(std::move(members));
}

TokenGrants::TokenGrants(Directory& directory, AuthorizationCodes& codes, const security::Clock& clock)
    : _directory(directory), _codes(codes), _clock(clock) {}

TokenGrants::Result TokenGrants::ofCode(const OAuthClient& client, const std::string& code,
                                        const std::string& redirectUri, const std::string& codeVerifier,
                                        bool isAuthenticated) {
    const auto redeemed = _codes.redeem(code);
    if (const auto* reused = std::get_if<AuthorizationCodes::Reused>(&redeemed)) {
        revoke(reused->refreshTokenId);
        return codeNotFound();
    }
    const auto* grant = std::get_if<AuthorizationGrant>(&redeemed);
    if (!grant) return codeNotFound();
    if (auto fault = faultOf(*grant, client, redirectUri, codeVerifier, isAuthenticated))
        return std::move(*fault);
    return redeem(code, *grant);
}

TokenGrants::Result TokenGrants::redeem(const std::string& code, const AuthorizationGrant& grant) {
    const auto now = instantOf(_clock);
    AuthenticationContext context;
    context.instant = grant.authenticationInstant / millisecondsPerSecond;
    context.grants = {"authorization_code"};
    context.scope = grant.scopes.toText();
    std::optional<RefreshTokens::Issued> refreshToken;
    auto subject = _directory.change([&](DirectoryState& state) {
        auto found = subjectOf(state, grant.userId, grant.applicationId);
        if (const auto* one = std::get_if<TokenSubject>(&found)) {
            refreshToken = issueRefreshToken(state, *one, context, grant.scopes, now);
        }
        return found;
    });
    if (auto* error = std::get_if<OAuthError>(&subject)) return std::move(*error);
    if (refreshToken && !_codes.noteRefreshToken(code, refreshToken->id)) {
        revoke(refreshToken->id);
        return codeNotFound();
    }
    return mint(std::get<TokenSubject>(subject), context, grant.scopes, std::move(refreshToken),
                grant.sessionId, grant.nonce, now);
}

TokenGrants::Result TokenGrants::ofRefreshToken(const OAuthClient& client, const std::string& refreshToken,
                                                const std::string& scope,
                                                std::optional<std::int64_t> expiresIn) {
    const auto now = instantOf(_clock);
    const auto asked = Scopes::parse(scope);
    std::optional<OAuthError> fault;
    const auto use = _directory.change([&](DirectoryState& state) -> std::optional<RefreshTokenUse> {
        const auto* found = state.refreshTokens.find(refreshToken, now);
        // A token of another client, or a session's cookie, is left as it is.
        if (found && found->applicationId != client.application.id) return std::nullopt;
        if (found && !(asked && asked->areAmong(*Scopes::parse(found->scope)))) {
            fault = OAuthError{"invalid_scope", "unknown_scope",
                               "The parameter scope asks for more than was granted."};
            return std::nullopt;
        }
        return RefreshTokenUse::of(state, refreshToken, now);
    });
    if (fault) return std::move(*fault);
    if (!use)
        return invalidGrant("refresh_token_not_found", "The refresh token is unknown, expired or revoked.");
    if (lacksRegistration(use->subject)) return registrationRequired();

    if (expiresIn && *expiresIn >= use->subject.jwt.timeToLiveInSeconds) expiresIn.reset();
    auto context = use->context();
    context.grants.emplace_back("refresh_token");
    const auto scopes = scope.empty() ? *Scopes::parse(use->token.scope) : *asked;
    auto tokens = mint(use->subject, context, scopes, use->issued, std::nullopt, "", now, expiresIn);
    _directory.change(
        [&](DirectoryState& state) { publishRefresh(state, *use, tokens.accessToken, "", now); });
    return tokens;
}

void TokenGrants::revoke(const std::optional<Uuid>& refreshTokenId) {
    if (!refreshTokenId) return;
    _directory.change([&](DirectoryState& state) {
        revokeRefreshTokens(state, {.id = refreshTokenId}, instantOf(_clock));
    });
}

}  // namespace changebank::kickstart
