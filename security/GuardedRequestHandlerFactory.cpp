#include "security/GuardedRequestHandlerFactory.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <string>
#include <utility>

#include "security/BlockingRequestHandler.h"
#include "security/CrossSiteCheck.h"
#include "security/RequestAnnotations.h"

namespace changebank::security {

namespace {

Poco::Net::HTTPRequestHandler* handlerFor(const Poco::Net::HTTPServerRequest& request, Verdict verdict,
                                          const TokenValidator& validator,
                                          PrincipalRequestHandlerFactory& next, RefusalReporter& reporter) {
    if (auto* refusal = std::get_if<Refusal>(&verdict)) {
        const auto retryAfter =
            isOurFault(refusal->cause) ? validator.keys().retryAfter() : std::chrono::seconds(1);
        return reporter.createHandler(request, std::move(*refusal), nullptr, retryAfter);
    }
    auto& principal = std::get<std::shared_ptr<const Principal>>(verdict);
    if (const auto* annotations = RequestAnnotations::of(request))
        annotations->noteSubject(principal->subject);
    return next.createRequestHandler(request, std::move(principal));
}

/// Reaches the verdict where waiting is allowed, then hands the request on.
class WaitingHandler : public Poco::Net::HTTPRequestHandler, public BlockingRequestHandler {
public:
    WaitingHandler(std::string token, std::shared_ptr<TokenValidator> validator,
                   PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter)
        : _token(std::move(token)),
          _validator(std::move(validator)),
          _next(std::move(next)),
          _reporter(std::move(reporter)) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        const std::unique_ptr<Poco::Net::HTTPRequestHandler> handler(
            handlerFor(request, _validator->validate(_token), *_validator, *_next, *_reporter));
        handler->handleRequest(request, response);
    }

private:
    std::string _token;
    std::shared_ptr<TokenValidator> _validator;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
};

}  // namespace

GuardedRequestHandlerFactory::GuardedRequestHandlerFactory(TokenExtractor extractor,
                                                           std::shared_ptr<TokenValidator> validator,
                                                           PrincipalRequestHandlerFactory::Ptr next,
                                                           RefusalReporter::Ptr reporter,
                                                           AllowedOrigins origins)
    : _extractor(std::move(extractor)),
      _validator(std::move(validator)),
      _next(std::move(next)),
      _reporter(std::move(reporter)),
      _origins(std::move(origins)) {}

Poco::Net::HTTPRequestHandler* GuardedRequestHandlerFactory::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
    auto extracted = _extractor.extract(request);
    if (auto* refusal = std::get_if<Refusal>(&extracted)) {
        return _reporter->createHandler(request, std::move(*refusal), nullptr);
    }
    const auto& token = std::get<PresentedToken>(extracted);
    if (token.fromCookie && isCrossSiteWrite(request, _origins)) {
        return _reporter->createHandler(request, Refusal{Cause::crossSiteRequest}, nullptr);
    }
    if (auto verdict = _validator->tryValidate(token.text)) {
        return handlerFor(request, std::move(*verdict), *_validator, *_next, *_reporter);
    }
    return new WaitingHandler(std::string(token.text), _validator, _next, _reporter);
}

}  // namespace changebank::security
