#include "changebank/handlers/decision/Decisions.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <optional>
#include <utility>

#include "changebank/base/handler/ErrorResponder.h"
#include "changebank/base/handler/RequestContext.h"
#include "changebank/handlers/decision/DeceptiveFields.h"
#include "changebank/handlers/decision/DecisionRules.h"
#include "changebank/handlers/decision/ForwardedRequest.h"
#include "changebank/handlers/decision/IdentityFields.h"
#include "changebank/handlers/decision/IdentityTokens.h"
#include "changebank/handlers/decision/NormalPath.h"
#include "changebank/handlers/routing/CrossOrigin.h"
#include "changebank/handlers/routing/Protection.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/ResponseHandler.h"
#include "changebank/handlers/routing/Router.h"
#include "changebank/handlers/routing/StaticHandler.h"
#include "changebank/security/guard/AccessGuard.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPRequestHandlerFactory;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using security::Cause;
using security::PrincipalRequestHandlerFactory;
using security::Refusal;

namespace {

using Handler = std::unique_ptr<HTTPRequestHandler>;
using PrincipalPtr = std::shared_ptr<const security::Principal>;
using TokensPtr = std::shared_ptr<const IdentityTokens>;

/// For the proxy, which can put the fields into the request that it passes on.
void handOnTrace(const HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
    const auto* context = RequestContext::of(request);
    if (context == nullptr || context->traceParent().empty()) return;
    response.set("traceparent", std::string(context->traceParent()));
    if (auto state = context->traceState(); !state.empty()) response.set("tracestate", state);
}

class AllowedHandler : public HTTPRequestHandler {
public:
    explicit AllowedHandler(PrincipalPtr principal = nullptr, TokensPtr tokens = nullptr)
        : _principal(std::move(principal)), _tokens(std::move(tokens)) {}

    void handleRequest(HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        handOnTrace(request, response);
        setIdentity(response, _principal.get(), _tokens ? _tokens->tokenFor(*_principal) : std::string());
        response.set("Cache-Control", "no-store");
        Response{HTTPResponse::HTTP_OK}.send(response);
    }

private:
    PrincipalPtr _principal;
    /// nullptr without a principal.
    TokensPtr _tokens;
};

/// A public rule.
class Everyone : public HTTPRequestHandlerFactory {
public:
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return std::make_unique<AllowedHandler>().release();
    }
};

/// The last link of a rule's chain.
class Admitted : public PrincipalRequestHandlerFactory {
public:
    explicit Admitted(TokensPtr tokens) : _tokens(std::move(tokens)) {}

    Handler createRequestHandler(const HTTPServerRequest&, PrincipalPtr principal) override {
        return std::make_unique<AllowedHandler>(std::move(principal), _tokens);
    }

private:
    const TokensPtr _tokens;
};

class NoRule : public PrincipalRequestHandlerFactory {
public:
    explicit NoRule(security::RefusalReporter::Ptr reporter) : _reporter(std::move(reporter)) {}

    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr principal) override {
        return _reporter->createHandler(request, Refusal{Cause::ruleMissing}, principal.get());
    }

private:
    const security::RefusalReporter::Ptr _reporter;
};

/// Makes the chains in front of the answers.
class Chains {
public:
    Chains(Router::Protection protection, TokensPtr tokens)
        : _protection(std::move(protection)), _admitted(std::make_shared<Admitted>(std::move(tokens))) {}

    HTTPRequestHandlerFactory::Ptr of(const DecisionRule& rule) const {
        if (std::holds_alternative<Everybody>(rule.access)) return new Everyone;
        const auto path = rule.path.text().substr(0, rule.path.text().find('*'));
        const auto* access = std::get_if<security::AccessRule>(&rule.access);
        if (access == nullptr) return behindGuard(path, security::anyPrincipal(), _admitted);
        auto guard =
            std::make_shared<security::AccessGuard>(*access, _admitted, _protection.reporter,
                                                    _protection.audit, _protection.challenge(path, *access));
        return behindGuard(path, *access, std::move(guard));
    }

    HTTPRequestHandlerFactory::Ptr ofNone() const {
        return behindGuard("", security::anyPrincipal(), std::make_shared<NoRule>(_protection.reporter));
    }

private:
    HTTPRequestHandlerFactory::Ptr behindGuard(std::string_view path, const security::AccessRule& rule,
                                               PrincipalRequestHandlerFactory::Ptr next) const {
        return _protection.guard(std::move(next), _protection.challenge(path, rule));
    }

    Router::Protection _protection;
    std::shared_ptr<Admitted> _admitted;
};

/// A target in origin form, as a path in normal form.
std::optional<std::string> pathOf(const std::string& target) {
    if (target.find('#') != std::string::npos) return std::nullopt;
    return normalPath(RequestTarget::split(target).path);
}

class Decisions : public HTTPRequestHandlerFactory {
public:
    Decisions(const DecisionOptions& options, const Chains& chains, security::RefusalReporter::Ptr reporter)
        : _convention(options.convention),
          _rules(options.rules),
          _origins(options.corsOrigins),
          _noRule(chains.ofNone()),
          _reporter(std::move(reporter)),
          _limits(options.limits) {
        for (const auto& rule : _rules.all())
            _chains.push_back(chains.of(rule));
    }

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        const auto preflighted = preflightedByAllowed(request);
        if (const auto refusal = _limits ? _limits->takeOfClient(request.clientAddress()) : std::nullopt)
            return refuse(request, *refusal);
        const auto path = pathOf(request.getURI());
        if (!path) return refuse(request, {Cause::pathAmbiguous});
        if (const auto field = deceptiveField(request, _convention))
            return refuse(request, {Cause::fieldForbidden, std::string(*field)});
        if (!preflighted.empty()) {
            if (const auto place = _rules.find(preflighted, *path); note(request, place))
                return _everyone.createRequestHandler(request);
        }
        const auto place = _rules.find(request.getMethod(), *path);
        return (note(request, place) ? _chains[place] : _noRule)->createRequestHandler(request);
    }

private:
    /// The method that a page of an allowed origin asks for in a preflight; empty for any other request. Lets
    /// such a page read the response.
    std::string preflightedByAllowed(const HTTPServerRequest& request) const {
        if (_origins.empty() || !allowOrigin(_origins, request, request.response())) return {};
        exposeFields(request.response());
        return preflightedMethod(request);
    }

    /// Whether there is a rule at that place.
    bool note(const HTTPServerRequest& request, std::size_t place) const {
        const auto* rule = place < _chains.size() ? &_rules.all()[place] : nullptr;
        if (const auto* context = RequestContext::of(request))
            context->noteRoute(rule != nullptr ? std::string_view(rule->path.text()) : unmatchedRoute);
        if (const auto* forwarded = dynamic_cast<const ForwardedRequest*>(&request); forwarded && rule)
            forwarded->noteRule(rule->number);
        return rule != nullptr;
    }

    HTTPRequestHandler* refuse(const HTTPServerRequest& request, const Refusal& refusal) const {
        return _reporter->createHandler(request, refusal, nullptr).release();
    }

    const RequestConvention _convention;
    const DecisionRules _rules;
    const security::AllowedOrigins _origins;
    /// In the order of the rules.
    std::vector<Ptr> _chains;
    Ptr _noRule;
    Everyone _everyone;
    const security::RefusalReporter::Ptr _reporter;
    const std::shared_ptr<const security::CallerLimits> _limits;
};

/// Everything on the listener but the decisions themselves.
std::vector<Route> otherRoutes(const TokensPtr& tokens) {
    if (!tokens) return {};
    auto response = std::make_shared<const StaticResponse>("application/jwk-set+json", tokens->keySet(),
                                                           std::vector<Response::Header>());
    return {{std::string(keySetPath), {"GET"}, Everybody{}, [response](const auto&, const auto&) {
                 return std::make_unique<StaticHandler>(response);
             }}};
}

class DecisionEndpoint : public HTTPRequestHandlerFactory, public ErrorResponder {
public:
    DecisionEndpoint(const DecisionOptions& options, Ptr decisions, security::RefusalReporter::Ptr reporter)
        : _convention(options.convention),
          _decisions(std::move(decisions)),
          _reporter(std::move(reporter)),
          _observer(options.decided),
          _run(forwardedRun(options.decided)),
          _others(otherRoutes(options.tokens)) {}

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        if (!isDecisionPath(_convention, RequestTarget::of(request).path))
            return _others.createRequestHandler(request);
        const auto* context = RequestContext::of(request);
        if (context != nullptr) context->noteRoute(decisionPath);
        if (_convention == RequestConvention::forwarded && !isRead(request.getMethod()))
            return methodNotAllowed();
        auto read = readRequest(_convention, request);
        if (const auto* refusal = std::get_if<Refusal>(&read)) return refuse(request, *refusal);
        const auto& received = std::get<ReceivedRequest>(read);
        if (context != nullptr)
            context->noteReceived(received.method, RequestTarget::loggablePath(received.target));
        return decide(std::make_shared<ForwardedRequest>(request, received));
    }

    void completeError(const HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
        _others.completeError(request, response);
    }

private:
    static bool isRead(const std::string& method) { return method == "GET" || method == "HEAD"; }

    /// Also for OPTIONS: nginx takes every 2xx for a permission.
    static HTTPRequestHandler* methodNotAllowed() {
        return std::make_unique<ResponseHandler>(
                   Response::error(HTTPResponse::HTTP_METHOD_NOT_ALLOWED, "Method not allowed")
                       .with("Allow", "GET, HEAD"))
            .release();
    }

    HTTPRequestHandler* refuse(const HTTPServerRequest& request, const Refusal& refusal) const {
        if (_observer) _observer(0, traitsOf(refusal.cause).status);
        return _reporter->createHandler(request, refusal, nullptr).release();
    }

    HTTPRequestHandler* decide(std::shared_ptr<ForwardedRequest> request) {
        Handler handler(_decisions->createRequestHandler(*request));
        return substitutedHandler(std::move(request), std::move(handler), _run).release();
    }

    const RequestConvention _convention;
    Ptr _decisions;
    const security::RefusalReporter::Ptr _reporter;
    const DecisionObserver _observer;
    const std::shared_ptr<const SubstitutedRun> _run;
    Router _others;
};

}  // namespace

HTTPRequestHandlerFactory::Ptr makeDecisions(const DecisionOptions& options,
                                             const std::shared_ptr<security::TokenValidator>& validator,
                                             const security::RefusalReporter::Ptr& reporter,
                                             const security::AuditTrail::Ptr& audit) {
    const Chains chains(
        makeProtection({options.cookie, options.corsOrigins, options.resources, options.dpop, options.limits},
                       validator, reporter, audit),
        options.tokens);
    return new Decisions(options, chains, reporter);
}

HTTPRequestHandlerFactory::Ptr makeDecisionEndpoint(const DecisionOptions& options,
                                                    HTTPRequestHandlerFactory::Ptr decisions,
                                                    const security::RefusalReporter::Ptr& reporter) {
    return new DecisionEndpoint(options, std::move(decisions), reporter);
}

}  // namespace changebank::handlers
