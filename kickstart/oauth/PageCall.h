#pragma once

#include <string>

#include "changebank/kickstart/oauth/OAuthEndpoints.h"

namespace changebank::kickstart {

/// Whether a page of another origin than ours sent the request, and that origin is neither one of the
/// client's, nor one of any application's if the client is unknown.
bool isFromStrangePage(const OAuthCall& call, const std::string& clientId);

/// Adds what lets the page of a request read the response (Fetch standard section 3.2), and what a preflight
/// asks for. The page is none for which isFromStrangePage() holds.
WebResponse readableByPage(const OAuthCall& call, WebResponse response);

/// The response to a page's request with the user's cookies, or to its preflight: that of `respond`, with the
/// fields of readableByPage(). 403 if isFromStrangePage().
template <typename Respond>
WebResponse forPage(const OAuthCall& call, const std::string& clientId, Respond respond) {
    if (isFromStrangePage(call, clientId)) return {403, {{"Vary", "Origin"}}};
    return readableByPage(call, call.request.method == "OPTIONS" ? WebResponse{204} : respond());
}

}  // namespace changebank::kickstart
