#include "kickstart/JwtApi.h"

#include <variant>

#include "kickstart/AccessToken.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/IssuedToken.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer answerWith(const char* name, Json value) {
    return ApiAnswer::ok(Json(Json::Object{{name, std::move(value)}}));
}

/// The access token that comes along: that of the header Authorization, else that of the cookie.
std::optional<std::string> accessTokenOf(const ApiRequest& request) {
    auto token = request.bearerToken();
    return token ? std::move(token) : request.cookie("access_token");
}

/// A refresh token of the same user that is good for another application, if that one has them and if both
/// count the life of a token in the same way. It shares the life of the first one.
std::optional<RefreshTokens::Issued> issueBeside(DirectoryState& state, const TokenSubject& subject,
                                                 const std::optional<std::string>& original,
                                                 std::int64_t now) {
    if (!original || !subject.registration() || !subject.application->login.generateRefreshTokens) {
        return std::nullopt;
    }
    const auto* found = state.refreshTokens.find(*original, now);
    if (!found || found->userId != subject.user.id || !found->applicationId ||
        !state.applications.contains(*found->applicationId)) {
        return std::nullopt;
    }
    const auto source = state.jwtOf(state.applications.at(*found->applicationId));
    if (source.refreshTokenExpiration != subject.jwt.refreshTokenExpiration) return std::nullopt;
    RefreshToken token{Uuid::random(), subject.tenant.id, subject.user.id, subject.application->id};
    token.startInstant = found->startInstant;
    token.authenticationInstant = found->authenticationInstant;
    return state.refreshTokens.issue(std::move(token), subject.jwt, now);
}

/// What a token for another application is made of.
struct Issue {
    TokenSubject subject;
    AuthenticationContext context;
    std::int64_t expiresAt;
    std::optional<RefreshTokens::Issued> refreshToken{};
};

std::variant<Issue, ApiAnswer> beginIssue(DirectoryState& state, const ApiRequest& request,
                                          std::int64_t now) {
    const auto seconds = now / millisecondsPerSecond;
    const auto token = accessTokenOf(request);
    const auto claims = token ? claimsOfIssuedToken(state, *token, seconds) : std::nullopt;
    const auto userId = claims ? uuidClaim(*claims, "sub") : std::nullopt;
    const auto user = userId ? state.users.find(*userId) : state.users.end();
    if (user == state.users.end() || !user->second.active) return ApiAnswer::empty(401);

    Errors errors;
    const auto applicationId = request.requiredUuid("applicationId", errors);
    if (!applicationId) return ApiAnswer::refused(errors);
    const auto application = state.applications.find(*applicationId);
    if (application == state.applications.end() || application->second.tenantId != user->second.tenantId) {
        return ApiAnswer::empty(404);
    }

    Issue issue{TokenSubject::of(state, user->second, applicationId),
                {"JWT_SSO", integerClaim(*claims, "auth_time").value_or(seconds)},
                *integerClaim(*claims, "exp")};
    auto original = request.cookie("refresh_token");
    if (!original) original = request.parameter("refreshToken");
    issue.refreshToken = issueBeside(state, issue.subject, original, now);
    if (issue.refreshToken) issue.context.sid = issue.refreshToken->id;
    return issue;
}

/// The key that an application's access tokens are verified with.
ApiAnswer publicKeyOf(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    const auto found = applicationId ? state.applications.find(*applicationId) : state.applications.end();
    if (found == state.applications.end()) return ApiAnswer::empty(404);
    const auto& key = *state.keys.at(state.jwtOf(found->second).accessTokenKeyId).key;
    if (isSymmetric(key.algorithm())) return ApiAnswer::empty(404);
    return answerWith("publicKey", Json(key.publicPem()));
}

}  // namespace

void JwtApi::addTo(ApiRouter& router) {
    router.add("GET", "/api/jwt/validate", Access::open,
               [this](const ApiCall& call) { return validate(call); });
    router.add("GET", "/api/jwt/issue", Access::open, [this](const ApiCall& call) { return issue(call); });
    router.add("POST", "/api/jwt/vend", Access::apiKey, [this](const ApiCall& call) { return vend(call); });
    router.add("GET", "/api/jwt/public-key", Access::open,
               [this](const ApiCall& call) { return publicKeys(call); });
}

ApiAnswer JwtApi::validate(const ApiCall& call) const {
    const auto token = accessTokenOf(call.request);
    return _directory.read([&](const DirectoryState& state) {
        auto claims = token ? claimsOfIssuedToken(state, *token, instantOf(_clock) / millisecondsPerSecond)
                            : std::nullopt;
        return claims ? answerWith("jwt", std::move(*claims)) : ApiAnswer::empty(401);
    });
}

ApiAnswer JwtApi::issue(const ApiCall& call) {
    const auto now = instantOf(_clock);
    const auto outcome =
        _directory.change([&](DirectoryState& state) { return beginIssue(state, call.request, now); });
    if (const auto* refusal = std::get_if<ApiAnswer>(&outcome)) return *refusal;

    const auto& issue = std::get<Issue>(outcome);
    const auto seconds = now / millisecondsPerSecond;
    const auto token = AccessToken::mint(issue.subject, issue.context, seconds, issue.expiresAt - seconds);
    Json::Object members;
    if (issue.refreshToken) members.emplace_back("refreshToken", jsonText(issue.refreshToken->token));
    members.emplace_back("token", jsonText(token.text));
    auto answer = ApiAnswer::ok(Json(std::move(members)));
    if (!issue.subject.registration()) answer.status = 202;
    return answer;
}

ApiAnswer JwtApi::vend(const ApiCall& call) const {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto keyId = body.uuid("keyId");
    const auto timeToLive = body.positive("timeToLiveInSeconds");
    const auto claims = body.object("claims");
    const auto [key, jwt] = _directory.read([&](const DirectoryState& state) {
        const auto& configuration = state.tenants.at(call.tenantId.value_or(state.defaultTenantId)).jwt;
        const auto found = state.keys.find(keyId.value_or(configuration.accessTokenKeyId));
        const bool exists = found != state.keys.end();
        if (!exists) body.refuse("keyId", "invalid", "no key has this id");
        return std::pair(exists ? found->second.key : nullptr, configuration);
    });
    if (!errors.empty()) return ApiAnswer::refused(errors);
    const auto seconds = instantOf(_clock) / millisecondsPerSecond;
    const Json times(
        Json::Object{{"exp", jsonInteger(seconds + timeToLive.value_or(jwt.timeToLiveInSeconds))},
                     {"iat", jsonInteger(seconds)}});
    return answerWith("token", Json(key->sign(mergedJson(claims.json(), times))));
}

ApiAnswer JwtApi::publicKeys(const ApiCall& call) const {
    const auto kid = call.request.parameter("kid");
    const auto applicationId = call.request.parameter("applicationId");
    return _directory.read([&](const DirectoryState& state) {
        if (applicationId) return publicKeyOf(state, Uuid::parse(*applicationId));
        Json::Object keys;
        for (const auto& entry : state.keys) {
            const auto& key = *entry.second.key;
            if (isSymmetric(key.algorithm())) continue;
            if (kid == key.kid()) return answerWith("publicKey", Json(key.publicPem()));
            keys.emplace_back(key.kid(), Json(key.publicPem()));
        }
        return kid ? ApiAnswer::empty(404) : answerWith("publicKeys", Json(std::move(keys)));
    });
}

}  // namespace changebank::kickstart
