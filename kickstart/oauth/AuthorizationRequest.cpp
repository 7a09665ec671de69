#include "kickstart/oauth/AuthorizationRequest.h"

#include <Poco/NumberParser.h>

#include <algorithm>
#include <array>

namespace changebank::kickstart {

namespace {

constexpr std::array<const char*, 13> carried{
    "client_id",      "tenantId", "redirect_uri",          "response_type", "response_mode", "scope", "state",
    "code_challenge", "nonce",    "code_challenge_method", "prompt",        "max_age",       "locale"};

OAuthError invalidRequest(std::string reason, std::string description) {
    return {"invalid_request", std::move(reason), std::move(description)};
}

std::optional<OAuthError> faultOfResponseType(const FormData& parameters, const OAuthClient& client) {
    const auto* type = parameters.find("response_type");
    if (!type) return invalidRequest("missing_response_type", "The parameter response_type is missing.");
    const bool isImplicit =
        *type == "token" || *type == "id_token" || *type == "token id_token" || *type == "id_token token";
    const char* grant = isImplicit ? "implicit" : "authorization_code";
    if ((isImplicit || *type == "code") && !client.application.oauth.enables(grant)) {
        return OAuthError{"unauthorized_client", "grant_type_disabled",
                          std::string("The grant ") + grant + " is not enabled for this client."};
    }
    if (*type == "code") return std::nullopt;
    return OAuthError{"unsupported_response_type", "invalid_response_type",
                      "The parameter response_type must be code; nothing else is offered here."};
}

std::optional<OAuthError> faultOfResponseMode(const FormData& parameters) {
    const auto mode = parameters.text("response_mode");
    if (mode.empty() || mode == "query" || mode == "fragment") return std::nullopt;
    return invalidRequest("invalid_response_mode", "The parameter response_mode must be query or fragment.");
}

std::optional<OAuthError> readProofKey(const FormData& parameters, const OAuthClient& client,
                                       AuthorizationRequest& request) {
    const auto* challenge = parameters.find("code_challenge");
    const auto* method = parameters.find("code_challenge_method");
    if (!challenge && !method) {
        if (client.application.oauth.proofKeyForCodeExchange != ProofKeyForCodeExchange::required)
            return std::nullopt;
        return invalidRequest("missing_code_challenge",
                              "The parameter code_challenge is missing, and this client must use PKCE.");
    }
    if (!challenge)
        return invalidRequest("missing_code_challenge", "The parameter code_challenge is missing.");
    if (!method || *method != "S256") {
        return invalidRequest("invalid_pkce_code_challenge_method",
                              "The parameter code_challenge_method must be S256.");
    }
    request.proofKey = ProofKey::parse(*challenge);
    if (request.proofKey) return std::nullopt;
    return invalidRequest("invalid_pkce_code_challenge",
                          "The parameter code_challenge must be a SHA-256 digest in base64url.");
}

std::optional<OAuthError> readPrompt(const FormData& parameters, AuthorizationRequest& request) {
    bool isAlone = true;
    const auto prompt = parameters.text("prompt");
    std::string_view names = prompt;
    while (!names.empty()) {
        const auto name = names.substr(0, names.find(' '));
        names.remove_prefix(std::min(name.size() + 1, names.size()));
        if (name == "none") {
            request.promptsNone = true;
        } else if (name == "login" || name == "consent" || name == "select_account") {
            // First-party applications never ask for consent, and there is no list of accounts.
            request.promptsLogin = request.promptsLogin || name == "login";
            isAlone = false;
        } else if (!name.empty()) {
            return invalidRequest("invalid_prompt", "The parameter prompt may hold none, login and consent.");
        }
    }
    if (!request.promptsNone || isAlone) return std::nullopt;
    return invalidRequest("invalid_prompt", "The parameter prompt may not hold anything beside none.");
}

std::optional<OAuthError> readMaxAge(const FormData& parameters, AuthorizationRequest& request) {
    const auto* text = parameters.find("max_age");
    if (!text) return std::nullopt;
    unsigned seconds = 0;
    if (!Poco::NumberParser::tryParseUnsigned(*text, seconds)) {
        return invalidRequest("unknown", "The parameter max_age must be a whole number of seconds.");
    }
    request.maxAge = std::chrono::seconds(seconds);
    return std::nullopt;
}

std::optional<OAuthError> readScopes(const FormData& parameters, AuthorizationRequest& request) {
    auto scopes = Scopes::parse(parameters.text("scope"));
    if (!scopes)
        return OAuthError{"invalid_scope", "unknown_scope", "The parameter scope names an unknown scope."};
    request.scopes = std::move(*scopes);
    return std::nullopt;
}

}  // namespace

FormData AuthorizationRequest::carriedParameters(const FormData& parameters) {
    FormData kept;
    for (const auto* name : carried) {
        kept.add(name, parameters.text(name));
    }
    return kept;
}

std::variant<AuthorizationResponse, OAuthError> readResponseTarget(const FormData& parameters,
                                                                   const OAuthClient& client,
                                                                   const std::string& ownCallback) {
    if (const auto* name = parameters.repeated()) {
        return invalidRequest("unknown", "The parameter " + *name + " is there more than once.");
    }
    const auto* uri = parameters.find("redirect_uri");
    if (!uri) return invalidRequest("missing_redirect_uri", "The parameter redirect_uri is missing.");
    if (*uri != ownCallback && !client.isAuthorizedRedirect(*uri)) {
        return invalidRequest(
            "invalid_redirect_uri",
            "The parameter redirect_uri is none of the application's authorized redirect URLs. They "
            "are compared as whole texts, with every slash.");
    }
    const auto mode =
        parameters.text("response_mode") == "fragment" ? ResponseMode::fragment : ResponseMode::query;
    return AuthorizationResponse{*uri, mode, parameters.text("state"), client.tenant.issuer};
}

std::variant<AuthorizationRequest, OAuthError> readAuthorizationRequest(const FormData& parameters,
                                                                        const OAuthClient& client) {
    AuthorizationRequest request;
    request.nonce = parameters.text("nonce");
    auto fault = faultOfResponseType(parameters, client);
    if (!fault) fault = faultOfResponseMode(parameters);
    if (!fault) fault = readProofKey(parameters, client, request);
    if (!fault) fault = readPrompt(parameters, request);
    if (!fault) fault = readMaxAge(parameters, request);
    if (!fault) fault = readScopes(parameters, request);
    if (fault) return std::move(*fault);
    return request;
}

}  // namespace changebank::kickstart
