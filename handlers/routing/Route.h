#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/handlers/routing/Response.h"
#include "changebank/security/guard/AccessRule.h"
#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// Access for everybody, without a token.
struct Everybody {};

/// Access for every caller with a valid token, whatever the roles.
struct AnyPrincipal {};

/// A rule is for the callers whom it admits: `anyRole({"teller"})`.
using Access = std::variant<Everybody, AnyPrincipal, security::AccessRule>;

/// Which threads run a handler that may wait for anything but the client: a file, a database, another
/// service. `Waits::shared` is for most; `Waits::reserved` for what must work although all those threads are
/// busy.
using Waits = BlockingRequestHandler::Capacity;

/// One path of the application: who may use it, with which methods, and what makes its handlers. Immutable
/// while in use.
struct Route {
    /// Makes the handler of one request; called from any thread. The principal is nullptr on a public route.
    using Maker = std::function<std::unique_ptr<Poco::Net::HTTPRequestHandler>(
        const Poco::Net::HTTPServerRequest&, std::shared_ptr<const security::Principal>)>;

    /// Lower case, no trailing slash.
    std::string path;
    /// GET implies HEAD, and every route supports OPTIONS; if it is among them, the handlers respond to it.
    std::vector<std::string> methods;
    Access access;
    Maker make;
    /// Set if the handlers may wait. Without it they run on an event loop, where waiting holds up every other
    /// request. The maker itself never waits.
    std::optional<Waits> waits{};
    /// Whether orchestrators and load balancers ask for it again and again: no limit of callers counts it.
    /// For public routes only.
    bool isProbe = false;

    bool isPublic() const noexcept { return std::holds_alternative<Everybody>(access); }

    /// The rule of access; the one that admits every principal if there is none.
    security::AccessRule rule() const;

    /// The response to a request that does not reach the maker: 204 to OPTIONS, 405 to an unsupported method;
    /// both list the supported ones in Allow (RFC 9110 section 10.2.1). std::nullopt for a supported method.
    std::optional<Response> responseToMethod(const std::string& method) const;
};

}  // namespace changebank::handlers
