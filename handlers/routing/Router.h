#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/handlers/routing/Route.h"
#include "changebank/security/guard/AuditTrail.h"
#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"
#include "changebank/security/guard/RefusalReporter.h"
#include "changebank/security/limit/CallerLimits.h"

namespace changebank::handlers {

/// The route noted for a request whose path has none.
inline constexpr std::string_view unmatchedRoute = "unmatched";

/// Finds the route of a request, once, and hands the request to that route's chain, made at construction:
///
///     public     method → handler
///     protected  guard → method → rule → handler
///     no route   guard → 404
///
/// With limits of callers each chain but that of a probe begins with the limit of the client's network.
///
/// A path is matched without regard to case (ASCII) and one trailing slash. Every response behind the guard
/// is marked `Cache-Control: no-store`. Notes each request's route (RequestContext): its path as
/// the table has it, or unmatchedRoute. Gives the server's own responses a body like that of other errors.
/// Immutable, usable from any thread.
class Router : public Poco::Net::HTTPRequestHandlerFactory, public ErrorResponder {
public:
    /// The guard of the routes that are not public, and what their rules need.
    struct Protection {
        /// Makes a guard in front of a factory, whose refusals have the route's challenge.
        std::function<Ptr(security::PrincipalRequestHandlerFactory::Ptr, security::Challenge::Ptr)> guard;
        security::RefusalReporter::Ptr reporter;
        /// May be nullptr: denials are not recorded then.
        security::AuditTrail::Ptr audit;
        /// Makes the challenge of a path with a rule; the path is empty for requests without a route. Empty:
        /// the challenge has the reporter's realm, and what the rule wants.
        std::function<security::Challenge::Ptr(std::string_view path, const security::AccessRule& rule)>
            challenge{};
        /// Counts the requests of clients, but for those to probes; nullptr: nobody does.
        std::shared_ptr<const security::CallerLimits> limits{};
    };

    /// Throws Poco::InvalidArgumentException if a path is repeated, longer than 128 bytes, not in lower case,
    /// or ends with a slash (but "/" is a path).
    Router(const std::vector<Route>& routes, const Protection& protection);

    /// Serves public routes only; every other path is 404. Throws like the other constructor, and for a route
    /// that is not public.
    explicit Router(const std::vector<Route>& routes);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

    void completeError(const Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override;

private:
    struct Entry {
        std::string path;
        Ptr chain;
    };
    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    void add(const Route& route, Ptr chain);
    Entry& find(std::string_view path);

    std::unordered_map<std::string, Entry, Hash, std::equal_to<>> _routes;
    Entry _unmatched;
};

}  // namespace changebank::handlers
