#include "changebank/kickstart/oauth/OAuthClient.h"
#include "changebank/kickstart/oauth/OAuthEndpoints.h"
#include "changebank/kickstart/oauth/PageCall.h"
#include "changebank/kickstart/tokens/BrokenToken.h"

namespace changebank::kickstart {

WebResponse breakToken(const OAuthCall& call) {
    return forPage(call, call.clientId, [&] {
        const auto& query = call.request.query;
        if (const auto* name = query.repeated()) return WebResponse::error(400, OAuthError::repeated(*name));
        const auto found = findClient(call.state, call.clientId);
        if (const auto* error = std::get_if<OAuthError>(&found)) return WebResponse::error(400, *error);
        const auto kind = BrokenToken::kindNamed(query.text("kind"));
        if (!kind) {
            return WebResponse::error(
                400, OAuthError::invalidRequest(
                         "invalid_kind",
                         "The parameter kind is none of changed, expired, audience, key and role."));
        }
        constexpr std::int64_t milliseconds = 1000;
        const auto token = BrokenToken::mint(call.state, std::get<OAuthClient>(found).application, *kind,
                                             call.now / milliseconds);
        return WebResponse::json(200, jsonObject({{"token", token}}));
    });
}

}  // namespace changebank::kickstart
