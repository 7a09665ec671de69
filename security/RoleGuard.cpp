#include "security/RoleGuard.h"

#include <utility>

namespace changebank::security {

RoleGuard::RoleGuard(std::vector<std::string> wanted, PrincipalRequestHandlerFactory::Ptr next,
                     RefusalReporter::Ptr reporter)
    : _wanted(std::move(wanted)), _next(std::move(next)), _reporter(std::move(reporter)) {}

Poco::Net::HTTPRequestHandler* RoleGuard::createRequestHandler(const Poco::Net::HTTPServerRequest& request,
                                                               std::shared_ptr<const Principal> principal) {
    if (!principal->hasAnyOf(_wanted)) {
        return _reporter->createHandler(request, Refusal{Cause::roleMissing}, principal.get());
    }
    return _next->createRequestHandler(request, std::move(principal));
}

}  // namespace changebank::security
