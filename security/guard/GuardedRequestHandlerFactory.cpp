#include "changebank/security/guard/GuardedRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/base/handler/SuspendedRequestHandler.h"
#include "changebank/security/guard/CrossSiteCheck.h"

namespace changebank::security {

using Handler = Poco::Net::HTTPRequestHandler;

/// Turns a validation result into a handler. Shared with the handlers that have their result later.
class GuardedRequestHandlerFactory::Gate {
public:
    Gate(std::shared_ptr<TokenValidator> validator, PrincipalRequestHandlerFactory::Ptr next,
         RefusalReporter::Ptr reporter, Challenge::Ptr challenge)
        : _validator(std::move(validator)),
          _next(std::move(next)),
          _reporter(std::move(reporter)),
          _challenge(std::move(challenge)) {}

    TokenValidator& validator() const { return *_validator; }

    std::unique_ptr<Handler> open(const Poco::Net::HTTPServerRequest& request,
                                  ValidationResult result) const {
        if (auto* refusal = std::get_if<Refusal>(&result)) return refuse(request, *refusal);
        auto& principal = std::get<std::shared_ptr<const Principal>>(result);
        if (const auto* context = RequestContext::of(request)) context->noteSubject(principal->subject);
        return _next->createRequestHandler(request, std::move(principal));
    }

    std::unique_ptr<Handler> refuse(const Poco::Net::HTTPServerRequest& request,
                                    const Refusal& refusal) const {
        return _reporter->createHandler(request, refusal, nullptr, _challenge.get());
    }

private:
    std::shared_ptr<TokenValidator> _validator;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
    Challenge::Ptr _challenge;
};

/// Waits for a fetch of the keys, then hands the request on.
class GuardedRequestHandlerFactory::WaitingHandler : public SuspendedRequestHandler {
public:
    WaitingHandler(std::string_view token, TokenValidator::KeyFetchNeeded needed,
                   std::shared_ptr<const Gate> gate)
        : _token(token), _needed(std::move(needed)), _gate(std::move(gate)) {}

    bool suspend(std::function<void()> resume) override {
        auto joined = _gate->validator().joinFetch(_token, _needed, std::move(resume));
        if (auto* place = std::get_if<std::unique_ptr<KeySource::Place>>(&joined)) {
            _place = std::move(*place);
            return true;
        }
        _result = std::get<ValidationResult>(std::move(joined));
        return false;
    }

    std::chrono::milliseconds maxWait() const override { return _needed.issuer->keys->maxWait(); }

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        if (!_result) _result = _gate->validator().verifyAfterFetch(_token, _needed);
        return _gate->open(request, std::move(*_result));
    }

private:
    std::string_view _token;
    TokenValidator::KeyFetchNeeded _needed;
    std::optional<ValidationResult> _result;
    std::shared_ptr<const Gate> _gate;
    /// Destroyed before the gate, which keeps the source of the keys alive.
    std::unique_ptr<KeySource::Place> _place;
};

/// Verifies the token after the requests that can be answered at once. The token is a view of the request's
/// header, here and in WaitingHandler.
class GuardedRequestHandlerFactory::VerifyingHandler : public DeferredRequestHandler {
public:
    VerifyingHandler(std::string_view token, std::shared_ptr<const Gate> gate)
        : _token(token), _gate(std::move(gate)) {}

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        auto verified = _gate->validator().verify(_token);
        if (auto* needed = std::get_if<TokenValidator::KeyFetchNeeded>(&verified))
            return std::make_unique<WaitingHandler>(_token, std::move(*needed), _gate);
        return _gate->open(request, std::get<ValidationResult>(std::move(verified)));
    }

private:
    std::string_view _token;
    std::shared_ptr<const Gate> _gate;
};

GuardedRequestHandlerFactory::GuardedRequestHandlerFactory(TokenExtractor extractor,
                                                           std::shared_ptr<TokenValidator> validator,
                                                           PrincipalRequestHandlerFactory::Ptr next,
                                                           RefusalReporter::Ptr reporter,
                                                           AllowedOrigins origins, Challenge::Ptr challenge)
    : _extractor(std::move(extractor)),
      _origins(std::move(origins)),
      _gate(std::make_shared<const Gate>(std::move(validator), std::move(next), std::move(reporter),
                                         std::move(challenge))) {}

GuardedRequestHandlerFactory::~GuardedRequestHandlerFactory() = default;

Handler* GuardedRequestHandlerFactory::createRequestHandler(const Poco::Net::HTTPServerRequest& request) {
    auto extracted = _extractor.extract(request);
    if (auto* refusal = std::get_if<Refusal>(&extracted)) return _gate->refuse(request, *refusal).release();
    const auto& presented = std::get<PresentedToken>(extracted);
    if (presented.fromCookie && isCrossSiteWrite(request, _origins))
        return _gate->refuse(request, Refusal{Cause::crossSiteRequest}).release();

    if (auto result = _gate->validator().lookUp(presented.text))
        return _gate->open(request, std::move(*result)).release();
    if (!presented.fromCookie && !presented.isOneWord())
        return _gate->refuse(request, Refusal{Cause::malformedAuthorization}).release();
    return new VerifyingHandler(presented.text, _gate);
}

}  // namespace changebank::security
