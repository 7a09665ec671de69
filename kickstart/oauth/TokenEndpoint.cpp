#include "kickstart/oauth/TokenEndpoint.h"

#include <Poco/NumberParser.h>

namespace changebank::kickstart {

namespace {

OAuthError invalidRequest(std::string reason, std::string description) {
    return {"invalid_request", std::move(reason), std::move(description)};
}

OAuthError missing(const std::string& name) {
    return invalidRequest("missing_" + name, "The parameter " + name + " is missing.");
}

std::optional<OAuthError> faultOfGrantType(const FormData& form, const OAuthClient& client) {
    const auto* type = form.find("grant_type");
    if (!type) return missing("grant_type");
    if (OAuthConfiguration::isKnown(*type) && *type != "implicit" &&
        !client.application.oauth.enables(*type)) {
        return OAuthError{"unauthorized_client", "grant_type_disabled",
                          "The grant " + *type + " is not enabled for this client."};
    }
    if (OAuthConfiguration::isServed(*type)) return std::nullopt;
    return OAuthError{"unsupported_grant_type", "invalid_grant_type",
                      "The parameter grant_type must be authorization_code or refresh_token."};
}

/// Whether this request has to show the client's secret.
bool needsSecret(const FormData& form, const OAuthClient& client) {
    switch (client.application.oauth.clientAuthentication) {
        case ClientAuthentication::notRequired:
            return false;
        case ClientAuthentication::notRequiredWhenUsingPkce:
            return form.text("grant_type") != "refresh_token" && !form.find("code_verifier");
        default:
            return true;
    }
}

}  // namespace

WebAnswer refuseClient(const OAuthError& error) {
    if (error.error != "invalid_client") return WebAnswer::refusal(400, error);
    auto answer = WebAnswer::refusal(401, error);
    answer.add("WWW-Authenticate", R"(Basic realm="kickstartd")");
    return answer;
}

WebAnswer TokenEndpoint::answer(const WebRequest& request) {
    if (const auto* name = request.form.repeated()) {
        return refuseClient(
            invalidRequest("unknown", "The parameter " + *name + " is there more than once."));
    }
    const auto credentials = ClientCredentials::of(request, _directory);
    if (const auto* error = std::get_if<OAuthError>(&credentials)) return refuseClient(*error);
    const auto result = grant(std::get<ClientCredentials>(credentials), request.form);
    if (const auto* error = std::get_if<OAuthError>(&result)) return refuseClient(*error);
    auto answer = WebAnswer::json(200, std::get<GrantedTokens>(result).toJson());
    answer.add("Pragma", "no-cache");
    return answer;
}

TokenGrants::Result TokenEndpoint::grant(const ClientCredentials& credentials, const FormData& form) {
    const auto& client = credentials.client;
    if (auto fault = faultOfGrantType(form, client)) return std::move(*fault);
    if (!credentials.isAuthenticated && needsSecret(form, client)) {
        return OAuthError{"invalid_client", "client_authentication_missing",
                          "The client must show its secret, in the header Authorization or in the body."};
    }
    const auto type = form.text("grant_type");
    if (type == "authorization_code") {
        for (const auto* name : {"code", "redirect_uri"}) {
            if (!form.find(name)) return missing(name);
        }
        return _grants.ofCode(client, form.text("code"), form.text("redirect_uri"),
                              form.text("code_verifier"), credentials.isAuthenticated);
    }
    if (!form.find("refresh_token")) return missing("refresh_token");
    std::optional<std::int64_t> expiresIn;
    if (const auto* text = form.find("expires_in")) {
        unsigned seconds = 0;
        if (!Poco::NumberParser::tryParseUnsigned(*text, seconds) || seconds == 0) {
            return invalidRequest("invalid_expires_in",
                                  "The parameter expires_in must be a whole number above 0.");
        }
        expiresIn = seconds;
    }
    return _grants.ofRefreshToken(client, form.text("refresh_token"), form.text("scope"), expiresIn);
}

}  // namespace changebank::kickstart
