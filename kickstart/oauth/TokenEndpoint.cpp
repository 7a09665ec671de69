#include <Poco/Exception.h>
#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/String.h>

#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/ProvenKey.h"
#include "changebank/kickstart/oauth/TokenGrants.h"

namespace changebank::kickstart {

namespace {

OAuthError invalidClient(std::string reason, std::string description) {
    return {"invalid_client", std::move(reason), std::move(description)};
}

struct Credentials {
    std::string clientId;
    /// Empty if none was sent.
    std::string secret;
};

/// RFC 6749 section 2.3.1: both are form-encoded before they become user name and password.
std::variant<Credentials, OAuthError> readBasic(const std::string& authorization) {
    const auto space = authorization.find(' ');
    if (space == std::string::npos || Poco::icompare(authorization.substr(0, space), "basic") != 0) {
        return invalidClient("invalid_client_authentication_scheme",
                             "The header Authorization must be Basic.");
    }
    try {
        const Poco::Net::HTTPBasicCredentials basic(authorization.substr(space + 1));
        Credentials credentials;
        Poco::URI::decode(basic.getUsername(), credentials.clientId, true);
        Poco::URI::decode(basic.getPassword(), credentials.secret, true);
        return credentials;
    } catch (const Poco::Exception&) {
        return invalidClient("invalid_client_authentication",
                             "The header Authorization has an invalid percent escape.");
    }
}

std::variant<Credentials, OAuthError> credentialsOf(const WebRequest& request) {
    Credentials sent{request.form.text("client_id"), request.form.text("client_secret")};
    if (request.authorization.empty()) return sent;
    auto basic = readBasic(request.authorization);
    const auto* header = std::get_if<Credentials>(&basic);
    if (header && !sent.clientId.empty() && sent.clientId != header->clientId) {
        return OAuthError::invalidRequest(
            "client_id_mismatch", "The header Authorization and the field client_id name different clients.");
    }
    if (header && !sent.secret.empty()) {
        return OAuthError::invalidRequest(
            "invalid_client_authentication",
            "The client authenticates by header and by field; only one is allowed.");
    }
    return basic;
}

std::optional<OAuthError> faultOfGrantType(const FormData& form, const OAuthClient& client) {
    const auto type = form.text("grant_type");
    if (type.empty()) return OAuthError::missing("grant_type");
    if (!client.application.oauth.enables(type)) {
        return OAuthError{"unauthorized_client", "grant_type_disabled",
                          "The grant " + type + " is not enabled for this client."};
    }
    if (OAuthConfiguration::isServed(type)) return std::nullopt;
    return OAuthError{"unsupported_grant_type", "invalid_grant_type",
                      "The parameter grant_type must be authorization_code, password or refresh_token."};
}

/// Whether this request requires the client's secret.
bool needsSecret(const FormData& form, const OAuthClient& client) {
    switch (client.application.oauth.clientAuthentication) {
        case ClientAuthentication::notRequired:
            return false;
        case ClientAuthentication::notRequiredWhenUsingPkce:
            return form.text("grant_type") == "password" ||
                   (form.text("grant_type") != "refresh_token" && !form.find("code_verifier"));
        default:
            return true;
    }
}

std::variant<GrantedTokens, OAuthError> exchange(const OAuthCall& call) {
    const auto& form = call.request.form;
    if (const auto* name = form.repeated()) return OAuthError::repeated(*name);
    const auto credentials = credentialsOf(call.request);
    if (const auto* error = std::get_if<OAuthError>(&credentials)) return *error;
    const auto& [clientId, secret] = std::get<Credentials>(credentials);
    const auto found = findClient(call.state, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return *error;
    const auto& client = std::get<OAuthClient>(found);
    const bool isAuthenticated = !secret.empty();
    if (isAuthenticated && !client.hasSecret(secret))
        return invalidClient("invalid_client_authentication", "The client secret is wrong.");
    if (auto fault = faultOfGrantType(form, client)) return std::move(*fault);
    if (!isAuthenticated && needsSecret(form, client)) {
        return invalidClient("client_authentication_missing",
                             "The client must show its secret, in the header Authorization or in the body.");
    }

    const auto key = ProvenKey::of(call);
    if (const auto* error = std::get_if<OAuthError>(&key)) return *error;
    const auto& keyThumbprint = std::get<std::string>(key);

    const auto type = form.text("grant_type");
    if (type == "authorization_code") {
        for (const auto* name : {"code", "redirect_uri"}) {
            if (!form.find(name)) return OAuthError::missing(name);
        }
        return exchangeCode(call.state, call.now, client,
                            {form.text("code"), form.text("redirect_uri"), form.text("code_verifier"),
                             isAuthenticated, form.all("resource"), keyThumbprint});
    }
    if (type == "password") {
        for (const auto* name : {"username", "password"}) {
            if (!form.find(name)) return OAuthError::missing(name);
        }
        return exchangePassword(call.state, call.now, client,
                                {form.text("username"), form.text("password"), form.text("scope"),
                                 form.all("resource"), keyThumbprint});
    }
    if (!form.find("refresh_token")) return OAuthError::missing("refresh_token");
    return exchangeRefreshToken(
        call.state, call.now, client,
        {form.text("refresh_token"), form.text("scope"), form.all("resource"), keyThumbprint});
}

}  // namespace

WebResponse exchangeGrant(const OAuthCall& call) {
    const auto result = exchange(call);
    if (const auto* tokens = std::get_if<GrantedTokens>(&result)) {
        auto response = WebResponse::json(200, tokens->toJson());
        response.add("Pragma", "no-cache");
        return response;
    }
    const auto& error = std::get<OAuthError>(result);
    if (error.error != "invalid_client") return WebResponse::error(400, error);
    auto response = WebResponse::error(401, error);
    response.add("WWW-Authenticate", R"(Basic realm="kickstartd")");
    return response;
}

}  // namespace changebank::kickstart
