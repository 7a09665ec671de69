#include "kickstart/oauth/IntrospectionEndpoint.h"

#include "kickstart/Instant.h"
#include "kickstart/IssuedToken.h"
#include "kickstart/JsonValues.h"
#include "kickstart/oauth/ClientCredentials.h"
#include "kickstart/oauth/TokenEndpoint.h"

namespace changebank::kickstart {

using security::Json;

namespace {

WebAnswer inactive() {
    return WebAnswer::json(200, Json(Json::Object{{"active", Json(false)}}));
}

WebAnswer ofAnotherClient() {
    return refuseClient(
        {"invalid_client", "client_id_mismatch", "The token was not issued for this client."});
}

bool hasText(const Json& claims, const char* name, std::string_view expected) {
    const auto* claim = claims.find(name);
    return claim && claim->string() && *claim->string() == expected;
}

bool isUserActive(const DirectoryState& state, const Json& claims) {
    const auto id = uuidClaim(claims, "sub");
    const auto user = id ? state.users.find(*id) : state.users.end();
    return user != state.users.end() && user->second.active;
}

}  // namespace

WebAnswer IntrospectionEndpoint::answer(const WebRequest& request) const {
    if (const auto* name = request.form.repeated()) {
        return refuseClient(
            {"invalid_request", "unknown", "The parameter " + *name + " is there more than once."});
    }
    const auto credentials = ClientCredentials::of(request, _directory);
    if (const auto* error = std::get_if<OAuthError>(&credentials)) return refuseClient(*error);
    const auto* token = request.form.find("token");
    if (!token) return refuseClient({"invalid_request", "missing_token", "The parameter token is missing."});
    const auto hint = request.form.text("token_type_hint");
    const auto& client = std::get<ClientCredentials>(credentials).client;
    if (hint == "refresh_token") return judgeRefreshToken(client, *token);
    if (hint.empty() || hint == "access_token" || hint == "id_token")
        return judgeSignedToken(client, *token, hint);
    return refuseClient({"unsupported_token_type", "unknown",
                         "The parameter token_type_hint must be access_token, id_token or refresh_token."});
}

WebAnswer IntrospectionEndpoint::judgeRefreshToken(const OAuthClient& client,
                                                   const std::string& token) const {
    const auto found = _directory.read([&](const DirectoryState& state) -> std::optional<RefreshToken> {
        const auto* known = state.refreshTokens.find(token, instantOf(_clock));
        return known ? std::optional(*known) : std::nullopt;
    });
    // A session has no client, and is none of a client's business.
    if (!found || !found->applicationId) return inactive();
    if (found->applicationId != client.application.id) return ofAnotherClient();
    return WebAnswer::json(
        200, Json(Json::Object{{"active", Json(true)},
                               {"exp", jsonInteger(found->expirationInstant / millisecondsPerSecond)}}));
}

WebAnswer IntrospectionEndpoint::judgeSignedToken(const OAuthClient& client, const std::string& token,
                                                  const std::string& hint) const {
    const auto claims = _directory.read([&](const DirectoryState& state) {
        return claimsOfIssuedToken(state, token, instantOf(_clock) / millisecondsPerSecond);
    });
    if (!claims) return inactive();
    if (!hasText(*claims, "aud", client.application.id.toText())) return ofAnotherClient();
    const bool hasHintedType = hint.empty() || hasText(*claims, "tty", hint == "id_token" ? "idt" : "at");
    const bool isActive =
        _directory.read([&](const DirectoryState& state) { return isUserActive(state, *claims); });
    if (!hasHintedType || !isActive) return inactive();
    Json::Object members{{"active", Json(true)}};
    members.insert(members.end(), claims->object()->begin(), claims->object()->end());
    return WebAnswer::json(200, Json(std::move(members)));
}

}  // namespace changebank::kickstart
