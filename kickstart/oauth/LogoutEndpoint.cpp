#include "changebank/kickstart/oauth/LoginPage.h"
#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"

namespace changebank::kickstart {

WebResponse endSession(const OAuthCall& call) {
    const auto& parameters = call.request.method == "POST" ? call.request.form : call.request.query;
    auto clientId = parameters.text("client_id");
    // The token may have expired and is not verified: it only names the client.
    if (clientId.empty()) clientId = clientIdOfToken(parameters.text("id_token_hint"));
    auto url = parameters.text("post_logout_redirect_uri");
    if (!clientId.empty() || !url.empty()) {
        const auto found = findClient(call.state, clientId);
        if (const auto* error = std::get_if<OAuthError>(&found)) return errorPage(*error);
        const auto& client = std::get<OAuthClient>(found);
        const auto& logoutUrl = client.application.oauth.logoutURL;
        if (!url.empty() && !client.isAuthorizedRedirect(url) && url != logoutUrl) {
            return errorPage(
                OAuthError::invalidRequest("invalid_post_logout_redirect_uri",
                                           "The parameter post_logout_redirect_uri is not one of the "
                                           "application's authorized redirect URLs."));
        }
        if (url.empty()) url = logoutUrl;
    }
    FormData sent;
    sent.add("state", parameters.text("state"));
    return WebResponse::redirect(withQuery(url.empty() ? "/" : url, sent));
}

}  // namespace changebank::kickstart
