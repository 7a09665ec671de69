#pragma once

#include <Poco/Net/HTTPServerRequest.h>

#include <string>
#include <string_view>
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

/// Where a proxy asks.
inline constexpr std::string_view decisionPath = "/decision";

inline constexpr std::string_view forwardedMethodField = "X-Forwarded-Method";
inline constexpr std::string_view forwardedHostField = "X-Forwarded-Host";
inline constexpr std::string_view forwardedUriField = "X-Forwarded-Uri";

/// Whether a request with that path asks for a decision.
bool isDecisionPath(RequestConvention convention, std::string_view path) noexcept;

/// The request line and the host of a request that a proxy has received. The texts are the client's.
struct ReceivedRequest {
    /// See isMethodToken().
    std::string method;
    /// As received: whether it is in origin form is not known yet.
    std::string target;
    /// With or without a port; see security::isAuthority().
    std::string host;
};

/// What a proxy asks about, with a request for which isDecisionPath() holds. Cause::forwardedRequestInvalid
/// if a field of the convention is missing, repeated, spelt with underscores or dots as well, or malformed;
/// fields of the other convention are ignored.
std::variant<ReceivedRequest, security::Refusal> readRequest(RequestConvention convention,
                                                             const Poco::Net::HTTPServerRequest& request);

}  // namespace changebank::handlers
