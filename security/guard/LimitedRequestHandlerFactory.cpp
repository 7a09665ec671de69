#include "changebank/security/guard/LimitedRequestHandlerFactory.h"

#include <utility>

namespace changebank::security {

LimitedRequestHandlerFactory::LimitedRequestHandlerFactory(std::shared_ptr<const CallerLimits> limits,
                                                           RefusalReporter::Ptr reporter,
                                                           Poco::Net::HTTPRequestHandlerFactory::Ptr next)
    : _limits(std::move(limits)), _reporter(std::move(reporter)), _next(std::move(next)) {}

Poco::Net::HTTPRequestHandler* LimitedRequestHandlerFactory::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
    if (const auto refusal = _limits->takeOfClient(request.clientAddress()))
        return _reporter->createHandler(request, *refusal, nullptr).release();
    return _next->createRequestHandler(request);
}

}  // namespace changebank::security
