#include "handlers/PublicRoutes.h"

#include "handlers/AnswerHandler.h"
#include "security/RequestAnnotations.h"

namespace changebank::handlers {

PublicRoutes::PublicRoutes(std::shared_ptr<const RouteTable> table,
                           Poco::Net::HTTPRequestHandlerFactory::Ptr guard)
    : _table(std::move(table)), _guard(std::move(guard)) {}

Poco::Net::HTTPRequestHandler* PublicRoutes::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
    const Route* route = _table->find(request.getURI());
    if (const auto* annotations = security::RequestAnnotations::of(request)) {
        annotations->noteRoute(route == nullptr ? unmatchedRoute : route->path);
    }
    if (route == nullptr || !route->isPublic()) return _guard->createRequestHandler(request);
    if (auto answer = route->answerToMethod(request.getMethod()))
        return new AnswerHandler(std::move(*answer));
    return route->make(request, nullptr);
}

}  // namespace changebank::handlers
