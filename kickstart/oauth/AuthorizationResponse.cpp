#include "kickstart/oauth/AuthorizationResponse.h"

namespace changebank::kickstart {

WebAnswer AuthorizationResponse::withCode(const std::string& code, const std::string& userState) const {
    FormData parameters;
    parameters.add("code", code);
    parameters.add("userState", userState);
    return with(std::move(parameters));
}

WebAnswer AuthorizationResponse::withError(const OAuthError& error) const {
    return with(error.toParameters());
}

WebAnswer AuthorizationResponse::with(FormData parameters) const {
    parameters.add("iss", issuer);
    parameters.add("state", state);
    if (mode == ResponseMode::query) return WebAnswer::redirect(withQuery(redirectUri, parameters));
    return WebAnswer::redirect(redirectUri.substr(0, redirectUri.find('#')) + '#' + parameters.toText());
}

}  // namespace changebank::kickstart
