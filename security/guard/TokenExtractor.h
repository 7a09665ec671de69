#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/security/refusal/Refusal.h"

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::security {

/// A token as a request brought it. The text points into the request's header, which must stay as it is.
struct PresentedToken {
    std::string_view text;
    /// True if it came in the cookie, which browsers send along by themselves.
    bool fromCookie;
};

/// Finds the token of a request: the cookie if it is there and not empty, else `Authorization: Bearer`
/// (RFC 6750 section 2.1). Never looks into the query or the body. Immutable, usable from any thread.
class TokenExtractor {
public:
    explicit TokenExtractor(std::string cookieName);

    /// The token, or Cause::missingToken, or Cause::repeatedAuthorization where more than one Authorization
    /// header came. Of several cookies with the name the first counts; quotation marks around its value are
    /// taken off (RFC 6265 section 4.1.1). The scheme is compared without regard to case and followed by one
    /// space.
    std::variant<PresentedToken, Refusal> extract(const Poco::Net::MessageHeader& header) const;

private:
    std::string _cookieName;
};

}  // namespace changebank::security
