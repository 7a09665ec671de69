#pragma once

#include <optional>
#include <string_view>

#include "changebank/handlers/decision/RequestConvention.h"

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::handlers {

/// The name, in our spelling, of the first field that an API behind a proxy might believe although its client
/// sent it; std::nullopt if there is none. Such are
/// - the identity fields (IdentityFields.h), and fields that put another method or target in the place of the
///   request's: X-HTTP-Method-Override, X-HTTP-Method, X-Method-Override, X-Original-Method, X-Original-URL,
///   X-Original-URI, X-Rewrite-URL, X-Override-URL, X-HTTP-Path-Override, X-Forwarded-Prefix,
///   X-Forwarded-Path, and X-Envoy-Original-Path, which in the convention `original` may be a proxy's own;
/// - a change of the protocol, behind which nobody would be asked any more: HTTP2-Settings, and Upgrade to
///   anything but `websocket`;
/// - another spelling of a field that guard, proxy or API read: Sec-Fetch-Site,
/// Access-Control-Request-Method,
///   X-Real-IP, and X-Forwarded-For, -Proto, -Port, -Host, -Method and -Uri;
/// - Connection, if it names one of these or an identity field: the proxy would remove that field before the
///   API sees it. A proxy that hides Connection from the guard must refuse it itself.
///
/// Names are compared without regard to case, and all but letters and digits are read as `-`: CGI, WSGI and
/// their like give X-Auth-Roles, X_Auth_Roles, X.Auth.Roles and X~Auth~Roles one name.
std::optional<std::string_view> deceptiveField(const Poco::Net::MessageHeader& header,
                                               RequestConvention convention);

/// Whether a name is `canonical` in some spelling, as compared above.
bool isSpeltLike(std::string_view name, std::string_view canonical) noexcept;

}  // namespace changebank::handlers
