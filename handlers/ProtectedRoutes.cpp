#include "handlers/ProtectedRoutes.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/AnswerHandler.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;

namespace {

/// The last link: the route's own handler.
class RouteHandlerFactory : public security::PrincipalRequestHandlerFactory {
public:
    explicit RouteHandlerFactory(Route::Maker make) : _make(std::move(make)) {}

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request,
                                             std::shared_ptr<const security::Principal> principal) override {
        return _make(request, std::move(principal));
    }

private:
    Route::Maker _make;
};

}  // namespace

ProtectedRoutes::ProtectedRoutes(std::shared_ptr<const RouteTable> table,
                                 const security::RefusalReporter::Ptr& reporter,
                                 const security::AuditTrail::Ptr& audit)
    : _table(std::move(table)) {
    for (const auto& [path, route] : _table->all()) {
        if (route.isPublic()) continue;
        _guards.emplace(
            &route, std::make_unique<security::RoleGuard>(
                        *route.roles, std::make_shared<RouteHandlerFactory>(route.make), reporter, audit));
    }
}

HTTPRequestHandler* ProtectedRoutes::createRequestHandler(
    const HTTPServerRequest& request, std::shared_ptr<const security::Principal> principal) {
    request.response().set("Cache-Control", "no-store");
    const Route* route = _table->find(request.getURI());
    const auto guard = _guards.find(route);
    if (guard == _guards.end()) {
        return new AnswerHandler(Answer::error(HTTPResponse::HTTP_NOT_FOUND, "Not found"));
    }
    if (auto answer = route->answerToMethod(request.getMethod()))
        return new AnswerHandler(std::move(*answer));
    return guard->second->createRequestHandler(request, std::move(principal));
}

}  // namespace changebank::handlers
