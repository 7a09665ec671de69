#include "kickstart/oauth/LogoutEndpoint.h"

#include "kickstart/Instant.h"
#include "kickstart/oauth/AuthorizationEndpoint.h"
#include "kickstart/oauth/OAuthClient.h"
#include "kickstart/oauth/SetCookie.h"
#include "kickstart/oauth/SsoSession.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

namespace {

/// The client that an id token was made for. Its signature says nothing that matters here: the client only
/// decides which of its own URLs the browser is led to.
std::string clientOfHint(const std::string& idToken) {
    const auto start = idToken.find('.') + 1;
    const auto payload = security::decodeBase64Url(idToken.substr(start, idToken.find('.', start) - start));
    const auto claims = payload ? security::Json::parse(*payload) : std::nullopt;
    const auto* audience = claims ? claims->find("aud") : nullptr;
    return audience && audience->string() ? *audience->string() : std::string();
}

std::variant<std::string, OAuthError> destination(const FormData& parameters, const Directory& directory) {
    auto clientId = parameters.text("client_id");
    if (clientId.empty()) clientId = clientOfHint(parameters.text("id_token_hint"));
    const auto asked = parameters.text("post_logout_redirect_uri");
    if (clientId.empty() && asked.empty()) return "/";
    const auto found = findClient(directory, clientId);
    if (const auto* error = std::get_if<OAuthError>(&found)) return *error;
    const auto& client = std::get<OAuthClient>(found);
    if (asked.empty()) {
        const auto& url = client.application.oauth.logoutURL;
        return url.empty() ? "/" : url;
    }
    if (client.isAuthorizedRedirect(asked) || asked == client.application.oauth.logoutURL) return asked;
    return OAuthError{
        "invalid_request", "invalid_post_logout_redirect_uri",
        "The parameter post_logout_redirect_uri is none of the application's authorized redirect URLs."};
}

}  // namespace

WebAnswer LogoutEndpoint::answer(const WebRequest& request) const {
    const auto& parameters = request.parameters();
    const auto url = destination(parameters, _directory);
    if (const auto* error = std::get_if<OAuthError>(&url)) return showError(request, *error);
    _directory.change([&](DirectoryState& state) {
        SsoSession::end(state, request.cookie(SsoSession::cookieName), instantOf(_clock));
    });
    FormData sent;
    sent.add("state", parameters.text("state"));
    auto answer = WebAnswer::redirect(withQuery(std::get<std::string>(url), sent));
    answer.add("Set-Cookie",
               SetCookie{SsoSession::cookieName, "", std::chrono::seconds(0)}.toText(request.isHttps()));
    return answer;
}

}  // namespace changebank::kickstart
