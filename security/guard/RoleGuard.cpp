#include "changebank/security/guard/RoleGuard.h"

#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"

namespace changebank::security {

namespace {

/// Records a refusal before it is sent. A caller without the role is refused in any case, so a failure to
/// record changes nothing for the caller.
class AuditedRefusal : public Poco::Net::HTTPRequestHandler, public BlockingRequestHandler {
public:
    AuditedRefusal(std::unique_ptr<Poco::Net::HTTPRequestHandler> refusal, AuditTrail::Ptr audit,
                   AuditTrail::Event event, std::shared_ptr<const Principal> principal)
        : _refusal(std::move(refusal)),
          _audit(std::move(audit)),
          _event(event),
          _principal(std::move(principal)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        _audit->record(_event, request, *_principal);
        _refusal->handleRequest(request, response);
    }

private:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> _refusal;
    AuditTrail::Ptr _audit;
    AuditTrail::Event _event;
    std::shared_ptr<const Principal> _principal;
};

}  // namespace

RoleGuard::RoleGuard(std::vector<std::string> wanted, PrincipalRequestHandlerFactory::Ptr next,
                     RefusalReporter::Ptr reporter, AuditTrail::Ptr audit)
    : _wanted(std::move(wanted)),
      _next(std::move(next)),
      _reporter(std::move(reporter)),
      _audit(std::move(audit)) {}

std::unique_ptr<Poco::Net::HTTPRequestHandler> RoleGuard::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request, std::shared_ptr<const Principal> principal) {
    if (principal->hasAnyOf(_wanted)) return _next->createRequestHandler(request, std::move(principal));
    auto refusal = _reporter->createHandler(request, Refusal{Cause::roleMissing}, principal.get());
    const auto event = _audit ? _audit->admitRefusal(*principal) : std::nullopt;
    if (!event) return refusal;
    return std::make_unique<AuditedRefusal>(std::move(refusal), _audit, *event, std::move(principal));
}

}  // namespace changebank::security
