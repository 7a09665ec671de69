#pragma once

#include <string>

#include "changebank/security/guard/AllowedOrigins.h"

namespace Poco::Net {
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

/// The CORS protocol (Fetch standard, section 3.2).
namespace changebank::handlers {

/// Sets `Vary: Origin`. For a request from a page of an allowed origin also lets that page read the response
/// and call with the user's credentials, and returns true.
bool allowOrigin(const security::AllowedOrigins& origins, const Poco::Net::HTTPServerRequest& request,
                 Poco::Net::HTTPServerResponse& response);

/// Lets an allowed page read the fields of our responses that are not safelisted.
void exposeFields(Poco::Net::HTTPServerResponse& response);

/// The method that a preflight asks for; empty for any other request, also one that names two. A preflight
/// has neither a body nor the field `Upgrade`: it is answered without a token, and must bring nothing along.
/// Whether its origin is allowed is the caller's question.
std::string preflightedMethod(const Poco::Net::HTTPServerRequest& request);

}  // namespace changebank::handlers
