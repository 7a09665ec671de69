#include "changebank/security/guard/AccessGuard.h"

#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"

namespace changebank::security {

namespace {

/// Records a refusal before it is sent. The caller is refused in any case, so a failure to
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

AccessGuard::AccessGuard(AccessRule rule, PrincipalRequestHandlerFactory::Ptr next,
                         RefusalReporter::Ptr reporter, AuditTrail::Ptr audit, Challenge::Ptr challenge,
                         Clock& clock)
    : _rule(std::move(rule)),
      _next(std::move(next)),
      _reporter(std::move(reporter)),
      _audit(std::move(audit)),
      _challenge(challenge ? std::move(challenge) : _rule.challenge({.realm = _reporter->realm()})),
      _clock(clock) {}

std::unique_ptr<Poco::Net::HTTPRequestHandler> AccessGuard::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request, std::shared_ptr<const Principal> principal) {
    const auto refused = _rule.check(*principal, _rule.hasMaxAge() ? _clock.wall() : Clock::Wall());
    if (!refused) return _next->createRequestHandler(request, std::move(principal));
    const auto used = principal->confirmation.keyThumbprint.empty() ? AuthenticationScheme::bearer
                                                                    : AuthenticationScheme::dpop;
    auto refusal = _reporter->createHandler(request, *refused, principal.get(), _challenge.get(), used);
    const bool isRecorded = _audit && traitsOf(refused->cause).status == 403;
    const auto event = isRecorded ? _audit->admitRefusal(*principal) : std::nullopt;
    if (!event) return refusal;
    return std::make_unique<AuditedRefusal>(std::move(refusal), _audit, *event, std::move(principal));
}

}  // namespace changebank::security
