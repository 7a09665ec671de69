#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <memory>
#include <string_view>

#include "handlers/RouteTable.h"

namespace changebank::handlers {

/// What stands for the route of a request whose path has none.
inline constexpr std::string_view unmatchedRoute = "unmatched";

/// The front door: answers the public routes of the table, and hands every other request, known path or not,
/// to the guard. Notes each request's route (security::RequestAnnotations): its path as the table has it, or
/// unmatchedRoute. Immutable, usable from any thread.
class PublicRoutes : public Poco::Net::HTTPRequestHandlerFactory {
public:
    PublicRoutes(std::shared_ptr<const RouteTable> table, Poco::Net::HTTPRequestHandlerFactory::Ptr guard);

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    std::shared_ptr<const RouteTable> _table;
    Poco::Net::HTTPRequestHandlerFactory::Ptr _guard;
};

}  // namespace changebank::handlers
