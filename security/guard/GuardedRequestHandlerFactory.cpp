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

/// Turns the result for a token into a handler. Shared with the handlers that have their result later.
class GuardedRequestHandlerFactory::Gate : public std::enable_shared_from_this<Gate> {
public:
    Gate(std::shared_ptr<TokenValidator> validator, PrincipalRequestHandlerFactory::Ptr next,
         RefusalReporter::Ptr reporter, Challenge::Ptr challenge, BindingCheck binding,
         std::shared_ptr<const CallerLimits> limits)
        : _validator(std::move(validator)),
          _next(std::move(next)),
          _reporter(std::move(reporter)),
          _challenge(std::move(challenge)),
          _binding(std::move(binding)),
          _limits(std::move(limits)) {}

    TokenValidator& validator() const { return *_validator; }

    std::unique_ptr<Handler> open(const Poco::Net::HTTPServerRequest& request,
                                  const PresentedToken& presented, VerificationResult result) const;

    /// For a result of a while ago: other requests may have gone first.
    std::unique_ptr<Handler> openLater(const Poco::Net::HTTPServerRequest& request,
                                       const PresentedToken& presented, VerificationResult result) const {
        if (const auto* token = std::get_if<std::shared_ptr<const VerifiedToken>>(&result)) {
            if (auto refusal = _validator->checkAgain(**token)) result = std::move(*refusal);
        }
        return open(request, presented, std::move(result));
    }

    std::unique_ptr<Handler> pass(const Poco::Net::HTTPServerRequest& request,
                                  std::shared_ptr<const VerifiedToken> token) const {
        const auto* principal = &token->principal;
        if (const auto refusal = _limits ? _limits->takeOfSubject(*principal) : std::nullopt)
            return respond(request, *refusal, AuthenticationScheme::bearer, principal);
        return _next->createRequestHandler(request,
                                           std::shared_ptr<const Principal>(std::move(token), principal));
    }

    std::unique_ptr<Handler> refuse(const Poco::Net::HTTPServerRequest& request, const Refusal& refusal,
                                    AuthenticationScheme used = AuthenticationScheme::bearer,
                                    const Principal* principal = nullptr) const {
        if (_limits) _limits->noteRefusal(request.clientAddress(), refusal.cause);
        return respond(request, refusal, used, principal);
    }

    /// A refusal if the client's network has sent so many bad tokens that this one is not verified.
    std::unique_ptr<Handler> refuseUnverified(const Poco::Net::HTTPServerRequest& request) const {
        const auto refusal = _limits ? _limits->tooManyBadTokens(request.clientAddress()) : std::nullopt;
        return refusal ? respond(request, *refusal) : nullptr;
    }

private:
    std::unique_ptr<Handler> respond(const Poco::Net::HTTPServerRequest& request, const Refusal& refusal,
                                     AuthenticationScheme used = AuthenticationScheme::bearer,
                                     const Principal* principal = nullptr) const {
        return _reporter->createHandler(request, refusal, principal, _challenge.get(), used);
    }

    std::shared_ptr<TokenValidator> _validator;
    PrincipalRequestHandlerFactory::Ptr _next;
    RefusalReporter::Ptr _reporter;
    Challenge::Ptr _challenge;
    BindingCheck _binding;
    std::shared_ptr<const CallerLimits> _limits;
};

/// Waits until it is known whether the proof was used at another server, then hands the request on.
class GuardedRequestHandlerFactory::SharedUseHandler : public SuspendedRequestHandler {
public:
    SharedUseHandler(AuthenticationScheme scheme, std::shared_ptr<const VerifiedToken> token, SharedUse use,
                     std::shared_ptr<const Gate> gate)
        : _scheme(scheme), _token(std::move(token)), _gate(std::move(gate)), _use(std::move(use)) {}

    bool suspend(std::function<void()> resume) override { return _use.begin(std::move(resume)); }

    std::chrono::milliseconds maxWait() const override { return _use.maxWait(); }

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        if (const auto refusal = _gate->validator().checkAgain(*_token))
            return _gate->refuse(request, *refusal, _scheme);
        if (const auto refusal = _use.refusal())
            return _gate->refuse(request, *refusal, _scheme, &_token->principal);
        return _gate->pass(request, std::move(_token));
    }

    /// The token and the proof are verified.
    bool isPreferred() const override { return true; }

private:
    AuthenticationScheme _scheme;
    std::shared_ptr<const VerifiedToken> _token;
    std::shared_ptr<const Gate> _gate;
    SharedUse _use;
};

std::unique_ptr<Handler> GuardedRequestHandlerFactory::Gate::open(const Poco::Net::HTTPServerRequest& request,
                                                                  const PresentedToken& presented,
                                                                  VerificationResult result) const {
    if (auto* refusal = std::get_if<Refusal>(&result)) return refuse(request, *refusal, presented.scheme);
    auto& token = std::get<std::shared_ptr<const VerifiedToken>>(result);
    const auto& principal = token->principal;
    if (const auto* context = RequestContext::of(request)) context->noteSubject(principal.subject);
    auto checked = _binding.check(request, presented, principal);
    if (const auto* refusal = std::get_if<Refusal>(&checked))
        return refuse(request, *refusal, presented.scheme, &principal);
    if (auto* use = std::get_if<SharedUse>(&checked))
        return std::make_unique<SharedUseHandler>(presented.scheme, std::move(token), std::move(*use),
                                                  shared_from_this());
    return pass(request, std::move(token));
}

/// Waits for a fetch of the keys, then hands the request on.
class GuardedRequestHandlerFactory::WaitingHandler : public SuspendedRequestHandler {
public:
    WaitingHandler(const PresentedToken& presented, TokenValidator::KeyFetchNeeded needed,
                   std::shared_ptr<const Gate> gate)
        : _presented(presented), _needed(std::move(needed)), _gate(std::move(gate)) {}

    bool suspend(std::function<void()> resume) override {
        auto joined = _gate->validator().joinFetch(_presented.text, _needed, std::move(resume));
        if (auto* place = std::get_if<std::unique_ptr<KeySource::Place>>(&joined)) {
            _place = std::move(*place);
            return true;
        }
        _result = std::get<VerificationResult>(std::move(joined));
        return false;
    }

    std::chrono::milliseconds maxWait() const override { return _needed.issuer->keys->maxWait(); }

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        if (_result) return _gate->openLater(request, _presented, std::move(*_result));
        return _gate->open(request, _presented,
                           _gate->validator().verifyAfterFetch(_presented.text, _needed));
    }

private:
    PresentedToken _presented;
    TokenValidator::KeyFetchNeeded _needed;
    /// If there was nothing to wait for.
    std::optional<VerificationResult> _result;
    std::shared_ptr<const Gate> _gate;
    /// Destroyed before the gate, which keeps the source of the keys alive.
    std::unique_ptr<KeySource::Place> _place;
};

/// Verifies the proof for a known token.
class GuardedRequestHandlerFactory::ProofHandler : public DeferredRequestHandler {
public:
    ProofHandler(const PresentedToken& presented, VerificationResult result, std::shared_ptr<const Gate> gate)
        : _presented(presented), _result(std::move(result)), _gate(std::move(gate)) {}

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        return _gate->openLater(request, _presented, std::move(_result));
    }

    bool isPreferred() const override { return true; }

private:
    PresentedToken _presented;
    VerificationResult _result;
    std::shared_ptr<const Gate> _gate;
};

/// Verifies the token and its sender's proof after the requests that can be answered at once. The token is a
/// view of the request's header, here and in WaitingHandler.
class GuardedRequestHandlerFactory::VerifyingHandler : public DeferredRequestHandler {
public:
    VerifyingHandler(const PresentedToken& presented, std::shared_ptr<const Gate> gate)
        : _presented(presented), _gate(std::move(gate)) {}

    std::unique_ptr<Handler> resolve(const Poco::Net::HTTPServerRequest& request) override {
        // Others of the network may have gone first.
        if (auto refusal = _gate->refuseUnverified(request)) return refusal;
        auto verified = _gate->validator().verify(_presented.text);
        if (auto* needed = std::get_if<TokenValidator::KeyFetchNeeded>(&verified))
            return std::make_unique<WaitingHandler>(_presented, std::move(*needed), _gate);
        return _gate->open(request, _presented, std::get<VerificationResult>(std::move(verified)));
    }

private:
    PresentedToken _presented;
    std::shared_ptr<const Gate> _gate;
};

GuardedRequestHandlerFactory::GuardedRequestHandlerFactory(
    TokenExtractor extractor, std::shared_ptr<TokenValidator> validator,
    PrincipalRequestHandlerFactory::Ptr next, RefusalReporter::Ptr reporter, AllowedOrigins origins,
    Challenge::Ptr challenge, BindingCheck binding, std::shared_ptr<const CallerLimits> limits)
    : _extractor(std::move(extractor)),
      _origins(std::move(origins)),
      _gate(std::make_shared<const Gate>(std::move(validator), std::move(next), std::move(reporter),
                                         std::move(challenge), std::move(binding), std::move(limits))) {}

GuardedRequestHandlerFactory::~GuardedRequestHandlerFactory() = default;

Handler* GuardedRequestHandlerFactory::createRequestHandler(const Poco::Net::HTTPServerRequest& request) {
    if (const auto* context = RequestContext::of(request)) context->noteGuarded();
    auto extracted = _extractor.extract(request);
    if (auto* refusal = std::get_if<Refusal>(&extracted)) return _gate->refuse(request, *refusal).release();
    const auto& presented = std::get<PresentedToken>(extracted);
    if (presented.fromCookie && isCrossSiteWrite(request, _origins))
        return _gate->refuse(request, Refusal{Cause::crossSiteRequest}).release();

    const bool hasProof = presented.scheme == AuthenticationScheme::dpop;
    if (auto result = _gate->validator().lookUp(presented.text)) {
        if (hasProof) return new ProofHandler(presented, std::move(*result), _gate);
        return _gate->open(request, presented, std::move(*result)).release();
    }
    if (!presented.fromCookie && !presented.isOneWord()) {
        return _gate
            ->refuse(request, Refusal{Cause::malformedAuthorization, hasProof ? "DPoP" : "Bearer"},
                     presented.scheme)
            .release();
    }
    if (auto refusal = _gate->refuseUnverified(request)) return refusal.release();
    return new VerifyingHandler(presented, _gate);
}

}  // namespace changebank::security
