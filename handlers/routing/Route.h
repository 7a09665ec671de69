#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerRequest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/handlers/routing/Response.h"
#include "changebank/security/token/Principal.h"

namespace changebank::handlers {

/// Who may use a route: everybody, without a look at a token.
struct Everybody {};

/// Whoever shows a good token, whatever the roles.
struct AnyPrincipal {};

/// A caller who has one of these roles; an empty list lets nobody through.
using Roles = std::vector<std::string>;

using Access = std::variant<Everybody, AnyPrincipal, Roles>;

/// One path of the application: who may use it, with which methods, and what answers. Immutable while in use.
struct Route {
    /// Makes the handler of one request; called from any thread. The principal is nullptr on a public route.
    using Maker = std::function<std::unique_ptr<Poco::Net::HTTPRequestHandler>(
        const Poco::Net::HTTPServerRequest&, std::shared_ptr<const security::Principal>)>;

    /// Lower case, no trailing slash.
    std::string path;
    /// GET brings HEAD along, and every route knows OPTIONS.
    std::vector<std::string> methods;
    Access access;
    Maker make;

    bool isPublic() const noexcept { return std::holds_alternative<Everybody>(access); }

    /// The answer to a request that the maker need not see: 204 to OPTIONS, 405 to a method that the route
    /// does not know; both name the known ones in Allow (RFC 9110 section 10.2.1). std::nullopt for the known
    /// methods.
    std::optional<Response> responseToMethod(const std::string& method) const;
};

}  // namespace changebank::handlers
