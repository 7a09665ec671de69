#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "changebank/security/refusal/Challenge.h"
#include "changebank/security/refusal/Refusal.h"

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::security {

/// The token of a request. The text is a view of the request's header, which must not be changed.
struct PresentedToken {
    std::string_view text;
    /// True if it came in the cookie, which browsers send automatically.
    bool fromCookie;
    AuthenticationScheme scheme = AuthenticationScheme::bearer;

    /// False if the header has more than one word after the scheme, which is malformed (RFC 6750
    /// section 2.1). No good token has a blank in it, so there is no need to ask for a token that is known to
    /// be good.
    bool isOneWord() const noexcept {
        return text.find(' ') == std::string_view::npos && text.find('\t') == std::string_view::npos;
    }
};

/// Which schemes of the header Authorization are read.
enum class AcceptedSchemes : unsigned char {
    bearer,
    bearerAndDpop,
};

/// Finds the token of a request: in `Authorization: DPoP` (RFC 9449 section 7.1) where that is accepted, else
/// in the cookie if that is present and not empty, else in `Authorization: Bearer` (RFC 6750 section 2.1).
/// Never reads the query or the body. Immutable, usable from any thread.
class TokenExtractor {
public:
    explicit TokenExtractor(std::string cookieName, AcceptedSchemes schemes = AcceptedSchemes::bearer);

    /// The token, or Cause::missingToken, or Cause::repeatedAuthorization if there are several Authorization
    /// fields. The first of several cookies of the name counts; quotation marks around its value are removed
    /// (RFC 6265 section 4.1.1). The scheme is compared without regard to case and followed by one space or
    /// more (RFC 6750 section 2.1, 1*SP). The text may have blanks in it, see isOneWord().
    std::variant<PresentedToken, Refusal> extract(const Poco::Net::MessageHeader& header) const;

private:
    std::string _cookieName;
    AcceptedSchemes _schemes;
};

}  // namespace changebank::security
