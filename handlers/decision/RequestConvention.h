#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string>
#include <variant>

#include "changebank/security/refusal/Refusal.h"

namespace changebank::handlers {

/// How a proxy asks about the request that it has received.
enum class RequestConvention : unsigned char {
    /// In X-Forwarded-Method, X-Forwarded-Host and X-Forwarded-Uri of `GET /decision`: nginx's auth_request,
    /// Traefik's ForwardAuth, Caddy's forward_auth.
    forwarded,
    /// The request is the request, behind the path prefix `/decision`: Envoy's ext_authz over HTTP.
    original,
};

/// The request line and the host of a request that a proxy has received. The texts are the client's.
struct ReceivedRequest {
    std::string method;
    /// Path and query as received, in origin form.
    std::string target;
    std::string host;
};

/// What a proxy asks about. Cause::forwardedRequestInvalid if a field of the convention is missing, repeated,
/// spelt with underscores or dots as well, or malformed; fields of the other convention are ignored.
std::variant<ReceivedRequest, security::Refusal> readRequest(RequestConvention convention,
                                                             const Poco::Net::HTTPServerRequest& request);

}  // namespace changebank::handlers
