#include "kickstart/oauth/ClientCredentials.h"

#include <Poco/Net/HTTPBasicCredentials.h>
#include <Poco/String.h>

namespace changebank::kickstart {

namespace {

OAuthError invalidClient(std::string reason, std::string description) {
    return {"invalid_client", std::move(reason), std::move(description)};
}

struct Sent {
    std::string clientId;
    std::string secret;
};

/// RFC 6749 section 2.3.1: both are form-encoded before they become user name and password.
std::optional<std::string> decoded(const std::string& text) {
    const auto form = FormData::parse("value=" + text);
    if (!form || text.find('&') != std::string::npos) return std::nullopt;
    return form->text("value");
}

std::variant<Sent, OAuthError> readBasic(const std::string& authorization) {
    const auto space = authorization.find(' ');
    if (Poco::icompare(authorization.substr(0, space), "basic") != 0 || space == std::string::npos) {
        return invalidClient("invalid_client_authentication_scheme",
                             "The header Authorization must be Basic.");
    }
    const Poco::Net::HTTPBasicCredentials credentials(authorization.substr(space + 1));
    const auto clientId = decoded(credentials.getUsername());
    const auto secret = decoded(credentials.getPassword());
    if (clientId && secret) return Sent{*clientId, *secret};
    return invalidClient("invalid_client_authentication", "The header Authorization has a broken escape.");
}

}  // namespace

std::variant<ClientCredentials, OAuthError> ClientCredentials::of(const WebRequest& request,
                                                                  const Directory& directory) {
    Sent sent{request.form.text("client_id"), request.form.text("client_secret")};
    if (!request.authorization.empty()) {
        auto basic = readBasic(request.authorization);
        if (auto* error = std::get_if<OAuthError>(&basic)) return std::move(*error);
        auto& header = std::get<Sent>(basic);
        if (!sent.clientId.empty() && sent.clientId != header.clientId) {
            return OAuthError{"invalid_request", "client_id_mismatch",
                              "The header Authorization and the field client_id name different clients."};
        }
        if (!sent.secret.empty()) {
            return OAuthError{"invalid_request", "invalid_client_authentication",
                              "The client is authenticated by header and by field, and only one is allowed."};
        }
        sent = std::move(header);
    }
    auto client = findClient(directory, sent.clientId);
    if (auto* error = std::get_if<OAuthError>(&client)) return std::move(*error);
    ClientCredentials credentials{std::get<OAuthClient>(std::move(client)), !sent.secret.empty()};
    if (credentials.isAuthenticated && !credentials.client.hasSecret(sent.secret)) {
        return invalidClient("invalid_client_authentication", "The client secret is wrong.");
    }
    return credentials;
}

}  // namespace changebank::kickstart
