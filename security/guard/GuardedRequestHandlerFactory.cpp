#include "changebank/security/guard/GuardedRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <string>
#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/DeferredRequestHandler.h"
#include "changebank/base/handler/RequestContext.h"
#include "changebank/security/guard/CrossSiteCheck.h"

namespace changebank::security {

using Handler = Poco::Net::HTTPRequestHandler;

/// Where a verdict becomes a handler. Shared with the handlers that reach their verdict later.
class GuardedRequestHandlerFactory::Gate {
public:
    Gate(std::shared_ptr<TokenValidator> validator, PrincipalRequestHandlerFactory::Ptr next,
         RefusalReporter::Ptr reporter)
        : _validator(std::move(validator)), _next(std::move(next)), _reporter(std::move(reporter)) {}

    TokenValidator& validator() const { return *_validator; }

    std::unique_ptr<Handler> open(const Poco::Net::HTTPServerRequest& request, Verdict verdict) const {
        if (auto* refusal = std::get_if<Refusal>(&verdict)) return refuse(request, *refusal);
        auto& principal = std::get<std::shared_ptr<const Principal>>(verdict);
        if (const auto* context = RequestContext::of(request)) context->noteSubject(principal->subject);
        return _next->createRequestHandler(request, std::move(principal));
    }

    std::unique_ptr<Handler> refuse(const Poco::Net::HTTPServerRequest& request,
                                    const Refusal& refusal) const {
        const auto retryAfter =
            isOurFault(refusal.cause) ? _validator->keys().retryAfter() : std::chrono::seconds(1);
        return _reporter->createHandler(request, refusal, nullptr, retryAfter);
    }

private:
    std::shared_ptr<TokenValidator> _validator;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
};

/// Waits for other keys where waiting is allowed, then hands the request on.
class GuardedRequestHandlerFactory::WaitingHandler : public Handler, public BlockingRequestHandler {
public:
    WaitingHandler(std::string_view token, TokenValidator::Undecided undecided,
                   std::shared_ptr<const Gate> gate)
        : _token(token), _undecided(std::move(undecided)), _gate(std::move(gate)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        _gate->open(request, _gate->validator().decide(_token, _undecided))->handleRequest(request, response);
    }

private:
    std::string_view _token;
    const TokenValidator::Undecided _undecided;
    std::shared_ptr<const Gate> _gate;
};

/// Reaches the verdict where nobody else is held up. The token stands in the request's header, also while a
/// WaitingHandler has it.
class GuardedRequestHandlerFactory::VerifyingHandler : public DeferredRequestHandler {
public:
    VerifyingHandler(std::string_view token, std::shared_ptr<const Gate> gate)
        : _token(token), _gate(std::move(gate)) {}

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        auto verified = _gate->validator().verify(_token);
        if (auto* undecided = std::get_if<TokenValidator::Undecided>(&verified))
            return std::make_unique<WaitingHandler>(_token, std::move(*undecided), _gate);
        return _gate->open(request, std::get<Verdict>(std::move(verified)));
    }

private:
    std::string_view _token;
    std::shared_ptr<const Gate> _gate;
};

GuardedRequestHandlerFactory::GuardedRequestHandlerFactory(TokenExtractor extractor,
                                                           std::shared_ptr<TokenValidator> validator,
                                                           PrincipalRequestHandlerFactory::Ptr next,
                                                           RefusalReporter::Ptr reporter,
                                                           AllowedOrigins origins)
    : _extractor(std::move(extractor)),
      _origins(std::move(origins)),
      _gate(std::make_shared<const Gate>(std::move(validator), std::move(next), std::move(reporter))) {}

GuardedRequestHandlerFactory::~GuardedRequestHandlerFactory() = default;

Handler* GuardedRequestHandlerFactory::createRequestHandler(const Poco::Net::HTTPServerRequest& request) {
    auto extracted = _extractor.extract(request);
    if (auto* refusal = std::get_if<Refusal>(&extracted)) return _gate->refuse(request, *refusal).release();
    const auto& presented = std::get<PresentedToken>(extracted);
    if (presented.fromCookie && isCrossSiteWrite(request, _origins))
        return _gate->refuse(request, Refusal{Cause::crossSiteRequest}).release();

    if (auto verdict = _gate->validator().recall(presented.text))
        return _gate->open(request, std::move(*verdict)).release();
    return new VerifyingHandler(presented.text, _gate);
}

}  // namespace changebank::security
