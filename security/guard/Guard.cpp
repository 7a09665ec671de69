#include "changebank/security/guard/Guard.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/URI.h>

#include <algorithm>
#include <utility>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/base/system/LoopbackHost.h"
#include "changebank/base/text/Ascii.h"
#include "changebank/security/guard/AccessGuard.h"
#include "changebank/security/guard/GuardedRequestHandlerFactory.h"
#include "changebank/security/guard/LimitedRequestHandlerFactory.h"
#include "changebank/security/guard/RequestPath.h"
#include "changebank/security/keys/HttpJwksFetcher.h"

namespace changebank::security {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPRequestHandlerFactory;
using Poco::Net::HTTPServerRequest;

namespace {

class NotFoundHandler : public HTTPRequestHandler {
public:
    void handleRequest(HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        constexpr std::string_view body = R"({"error":"Not found"})";
        response.setStatusAndReason(Poco::Net::HTTPResponse::HTTP_NOT_FOUND);
        response.setContentType("application/json; charset=utf-8");
        response.sendBuffer(body.data(), body.size());
    }
};

class NotFound : public PrincipalRequestHandlerFactory {
public:
    std::unique_ptr<HTTPRequestHandler> createRequestHandler(const HTTPServerRequest&,
                                                             std::shared_ptr<const Principal>) override {
        return std::make_unique<NotFoundHandler>();
    }
};

/// A factory that need not know the caller.
class Anonymous : public PrincipalRequestHandlerFactory {
public:
    explicit Anonymous(HTTPRequestHandlerFactory::Ptr next) : _next(std::move(next)) {}

    std::unique_ptr<HTTPRequestHandler> createRequestHandler(const HTTPServerRequest& request,
                                                             std::shared_ptr<const Principal>) override {
        std::unique_ptr<HTTPRequestHandler> handler(_next->createRequestHandler(request));
        if (!handler) handler = std::make_unique<NotFoundHandler>();
        return handler;
    }

private:
    HTTPRequestHandlerFactory::Ptr _next;
};

/// A path without a guard.
class Public : public HTTPRequestHandlerFactory {
public:
    explicit Public(PrincipalRequestHandlerFactory::Ptr next) : _next(std::move(next)) {}

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        return _next->createRequestHandler(request, nullptr).release();
    }

private:
    PrincipalRequestHandlerFactory::Ptr _next;
};

/// Whether a percent sign stands before two digits of a byte that needs it and means nothing to anybody.
bool isPlainEscape(std::string_view text) {
    if (text.size() < 3) return false;
    const int high = hexDigitValue(text[1]);
    const int low = hexDigitValue(text[2]);
    if (high < 0 || low < 0) return false;
    const char c = static_cast<char>(high * 16 + low);
    return !isUnreserved(c) && !isControl(c) && std::string_view("/\\%;?#").find(c) == std::string_view::npos;
}

/// Whether all servers read a path in the same way.
bool isPlain(std::string_view path) {
    if (!path.starts_with('/') || path.find("//") != std::string_view::npos) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (c <= ' ' || c > '~' || c == '\\' || c == ';') return false;
        if (c == '%' && !isPlainEscape(path.substr(i))) return false;
    }
    const auto closed = std::string(path) + "/";
    return closed.find("/./") == std::string::npos && closed.find("/../") == std::string::npos;
}

bool startsAlike(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(),
                      [](char left, char right) { return toLower(left) == toLower(right); });
}

/// Whether a path is the given one, which has no trailing slash, or below it.
bool isBelow(std::string_view path, std::string_view start) {
    return startsAlike(path, start) && (path.size() == start.size() || path[start.size()] == '/');
}

std::string keysUriOf(const std::string& issuer, const std::string& given) {
    if (!given.empty()) return given;
    const auto base = issuer.substr(0, issuer.size() - (issuer.ends_with('/') ? 1 : 0));
    const Poco::URI uri(base);
    if (uri.getScheme() != "https" && !isLoopbackHost(uri.getHost()))
        throw Poco::InvalidArgumentException("the address of the issuer's keys must be given", issuer);
    return base + "/.well-known/jwks.json";
}

std::shared_ptr<RemoteJwkSet> fetchedKeys(const TokenPolicy& policy, GuardOptions& options) {
    options.refresh.address = keysUriOf(policy.issuer, options.keysUri);
    auto fetcher =
        std::make_unique<HttpJwksFetcher>(Poco::URI(options.refresh.address), std::move(options.client));
    return std::make_shared<RemoteJwkSet>(std::move(options.refresh), std::move(fetcher), options.clock);
}

}  // namespace

/// Finds the path of a request and hands the request to its chain.
class Guard::Paths : public HTTPRequestHandlerFactory {
public:
    struct Entry {
        std::string path;
        Ptr chain;
    };

    explicit Paths(Ptr otherwise) : _otherwise(std::move(otherwise)) {}

    void add(std::string path, Ptr chain) {
        const auto isOfRule = [](char c) { return isUnreserved(c) || c == '/'; };
        if (!isPlain(path) || !std::all_of(path.begin(), path.end(), isOfRule))
            throw Poco::InvalidArgumentException("not the path of a rule", path);
        if (path.ends_with('/')) path.pop_back();
        for (const auto& entry : _entries) {
            if (entry.path.size() == path.size() && startsAlike(path, entry.path))
                throw Poco::InvalidArgumentException("two rules for one path", path);
        }
        const auto place = std::find_if(_entries.begin(), _entries.end(),
                                        [&](const Entry& entry) { return entry.path.size() < path.size(); });
        _entries.insert(place, {std::move(path), std::move(chain)});
    }

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        const auto path = requestPath(request);
        if (!isPlain(path)) return _otherwise->createRequestHandler(request);
        const auto found = std::find_if(_entries.begin(), _entries.end(),
                                        [&](const Entry& entry) { return isBelow(path, entry.path); });
        if (found == _entries.end()) return _otherwise->createRequestHandler(request);
        if (const auto* context = RequestContext::of(request))
            context->noteRoute(found->path.empty() ? "/" : std::string_view(found->path));
        return found->chain->createRequestHandler(request);
    }

private:
    /// Longest first, without trailing slashes: the root is empty.
    std::vector<Entry> _entries;
    Ptr _otherwise;
};

Guard::Guard(TokenPolicy policy, GuardOptions options)
    : _extractor(options.cookie,
                 policy.dpop == DpopUse::off ? AcceptedSchemes::bearer : AcceptedSchemes::bearerAndDpop),
      _origins(std::move(options.origins)),
      _reporter(std::move(options.reporter)),
      _audit(std::move(options.audit)),
      _limits(options.limits.isOn()
                  ? std::make_shared<const CallerLimits>(options.limits, nullptr, options.clock)
                  : nullptr),
      _clock(options.clock) {
    if (policy.issuer.empty() || policy.audiences.empty())
        throw Poco::InvalidArgumentException("a guard needs an issuer and an audience");
    policy.acceptsCertificateBound = true;
    if (options.revocations) {
        const auto lifetime = options.revocations->lifetime() - 2 * policy.leeway;
        if (lifetime.count() <= 0)
            throw Poco::InvalidArgumentException("revocations are forgotten before any token expires");
        policy.maxLifetime =
            policy.maxLifetime.count() == 0 ? lifetime : std::min(policy.maxLifetime, lifetime);
    }
    if (policy.dpop != DpopUse::off) {
        if (options.origin.empty())
            throw Poco::InvalidArgumentException(
                "a guard needs the origin of its service to check DPoP proofs");
        auto verifier = std::make_shared<const DpopVerifier>(
            options.dpop, std::make_shared<ReplayStore>(ReplayStore::Limits(), wholeSeconds(_clock.wall())),
            std::move(options.dpopNonces), _clock, std::move(options.replaySharing));
        _challenge.dpopAlgorithms = options.dpop.algorithms.names();
        _challenge.isDpopRequired = policy.dpop == DpopUse::require;
        _binding = BindingCheck(std::move(verifier), ProtectedResources({.identifiers = {options.origin}}));
    }
    if (!_reporter) {
        _reporter =
            std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>());
    }
    auto keys = std::move(options.keys);
    if (!keys) keys = _remoteKeys = fetchedKeys(policy, options);
    auto cache =
        options.cacheEntries == 0 ? nullptr : std::make_shared<VerifiedTokenCache>(options.cacheEntries);
    _validator = std::make_shared<TokenValidator>(std::move(policy), std::move(keys), std::move(cache), 1,
                                                  _clock, std::move(options.revocations));
    _challenge.realm = _reporter->realm();
    if (_remoteKeys) _remoteKeys->start();
}

Guard::~Guard() {
    if (_remoteKeys) _remoteKeys->stop();
}

HTTPRequestHandlerFactory::Ptr Guard::chain(const AccessRule& rule,
                                            PrincipalRequestHandlerFactory::Ptr next) const {
    const auto challenge = rule.challenge(_challenge);
    HTTPRequestHandlerFactory::Ptr guarded(new GuardedRequestHandlerFactory(
        _extractor, _validator,
        std::make_shared<AccessGuard>(rule, std::move(next), _reporter, _audit, challenge, _clock), _reporter,
        _origins, challenge, _binding, _limits));
    return _limits ? new LimitedRequestHandlerFactory(_limits, _reporter, std::move(guarded)) : guarded;
}

ValidationResult Guard::validate(std::string_view token) const {
    auto result = _validator->validate(token);
    const auto* principal = std::get_if<std::shared_ptr<const Principal>>(&result);
    if (!principal) return result;
    const auto& confirmation = (*principal)->confirmation;
    if (!confirmation.certificateThumbprint.empty()) return Refusal{Cause::certificateMissing};
    if (!confirmation.keyThumbprint.empty()) return Refusal{Cause::dpopTokenAsBearer};
    return result;
}

HTTPRequestHandlerFactory::Ptr Guard::protect(AccessRule rule,
                                              PrincipalRequestHandlerFactory::Ptr factory) const {
    return chain(rule, std::move(factory));
}

HTTPRequestHandlerFactory::Ptr Guard::protect(AccessRule rule, HTTPRequestHandlerFactory::Ptr factory) const {
    return chain(rule, std::make_shared<Anonymous>(std::move(factory)));
}

HTTPRequestHandlerFactory::Ptr Guard::protect(std::vector<GuardedPath> paths,
                                              PrincipalRequestHandlerFactory::Ptr factory) const {
    auto all = std::make_unique<Paths>(chain(anyPrincipal(), std::make_shared<NotFound>()));
    for (auto& [path, rule] : paths)
        all->add(std::move(path), rule ? chain(*rule, factory) : new Public(factory));
    return all.release();
}

HTTPRequestHandlerFactory::Ptr Guard::protect(std::vector<GuardedPath> paths,
                                              HTTPRequestHandlerFactory::Ptr factory) const {
    return protect(std::move(paths), std::make_shared<Anonymous>(std::move(factory)));
}

}  // namespace changebank::security
