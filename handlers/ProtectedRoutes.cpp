#include "handlers/ProtectedRoutes.h"

#include <Poco/Net/HTTPServerResponse.h>

#include "handlers/AnswerHandler.h"
#include "security/RoleGuard.h"

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
        security::PrincipalRequestHandlerFactory::Ptr factory =
            std::make_shared<RouteHandlerFactory>(route.make);
        if (const auto* roles = std::get_if<Roles>(&route.access)) {
            factory = std::make_shared<security::RoleGuard>(*roles, std::move(factory), reporter, audit);
        }
        _guarded.emplace(&route, std::move(factory));
    }
}

HTTPRequestHandler* ProtectedRoutes::createRequestHandler(
    const HTTPServerRequest& request, std::shared_ptr<const security::Principal> principal) {
    request.response().set("Cache-Control", "no-store");
    const Route* route = _table->find(request.getURI());
    const auto guarded = _guarded.find(route);
    if (guarded == _guarded.end()) {
        return new AnswerHandler(Answer::error(HTTPResponse::HTTP_NOT_FOUND, "Not found"));
    }
    if (auto answer = route->answerToMethod(request.getMethod()))
        return new AnswerHandler(std::move(*answer));
    return guarded->second->createRequestHandler(request, std::move(principal));
}

}  // namespace changebank::handlers
