#include "changebank/handlers/routing/Router.h"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "changebank/base/handler/RequestContext.h"
#include "changebank/base/text/Ascii.h"
#include "changebank/handlers/routing/BlockingHandler.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/handlers/routing/ResponseHandler.h"
#include "changebank/security/guard/AccessGuard.h"
#include "changebank/security/guard/LimitedRequestHandlerFactory.h"

namespace changebank::handlers {

using Poco::Net::HTTPRequestHandler;
using Poco::Net::HTTPRequestHandlerFactory;
using Poco::Net::HTTPResponse;
using Poco::Net::HTTPServerRequest;
using security::PrincipalRequestHandlerFactory;

namespace {

using Handler = std::unique_ptr<HTTPRequestHandler>;
using PrincipalPtr = std::shared_ptr<const security::Principal>;

constexpr std::size_t maxPathLength = 128;

Handler respondWith(Response response) {
    return std::make_unique<ResponseHandler>(std::move(response));
}

Handler notFound() {
    return respondWith(Response::error(HTTPResponse::HTTP_NOT_FOUND, "Not found"));
}

/// For the server's own responses.
std::string_view messageOf(HTTPResponse::HTTPStatus status) {
    switch (status) {
        case HTTPResponse::HTTP_BAD_REQUEST:
            return "The request is malformed";
        case HTTPResponse::HTTP_FORBIDDEN:
            return "You may not use this server";
        case HTTPResponse::HTTP_REQUEST_TIMEOUT:
            return "The request did not arrive in time";
        case HTTPResponse::HTTP_REQUEST_ENTITY_TOO_LARGE:
            return "The request's body is too large";
        case HTTPResponse::HTTP_REQUEST_URI_TOO_LONG:
            return "The request's target is too long";
        case HTTPResponse::HTTP_EXPECTATION_FAILED:
            return "The request's expectation cannot be met";
        case HTTPResponse::HTTP_MISDIRECTED_REQUEST:
            return "The request is for another server";
        case HTTPResponse::HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE:
            return "The request's header fields are too large";
        case HTTPResponse::HTTP_NOT_IMPLEMENTED:
            return "The server does not support this request";
        case HTTPResponse::HTTP_SERVICE_UNAVAILABLE:
            return "The server is busy";
        case HTTPResponse::HTTP_VERSION_NOT_SUPPORTED:
            return "The server supports HTTP/1.1 and HTTP/1.0 only";
        default:
            return "The server failed";
    }
}

/// A path in the spelling of routes, in a buffer of its own. A path that is too long becomes empty, which no
/// route is.
class NormalizedPath {
public:
    explicit NormalizedPath(std::string_view path) {
        const auto length = path.size();
        if (length > 1 && path[length - 1] == '/' && path[length - 2] != '/') path.remove_suffix(1);
        if (path.size() > maxPathLength) return;
        std::transform(path.begin(), path.end(), _buffer.begin(), toLower);
        _length = path.size();
    }

    std::string_view text() const { return {_buffer.data(), _length}; }

private:
    std::array<char, maxPathLength> _buffer;
    std::size_t _length = 0;
};

/// Makes the route's handlers, marked if they may wait.
Route::Maker makerOf(const Route& route) {
    if (!route.waits) return route.make;
    return [make = route.make, capacity = *route.waits](const auto& request, auto principal) {
        return std::make_unique<BlockingHandler>(make(request, std::move(principal)), capacity);
    };
}

/// The chain of a public route.
class PublicRoute : public HTTPRequestHandlerFactory {
public:
    explicit PublicRoute(Route route) : _route(std::move(route)), _make(makerOf(_route)) {}

    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        if (auto response = _route.responseToMethod(request.getMethod()))
            return respondWith(std::move(*response)).release();
        return _make(request, nullptr).release();
    }

private:
    const Route _route;
    const Route::Maker _make;
};

class NotFound : public HTTPRequestHandlerFactory {
public:
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return notFound().release();
    }
};

/// The last link of a chain: the route's own handler.
class HandlerMaker : public PrincipalRequestHandlerFactory {
public:
    explicit HandlerMaker(Route::Maker make) : _make(std::move(make)) {}

    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr principal) override {
        return _make(request, std::move(principal));
    }

private:
    const Route::Maker _make;
};

/// The chain of a protected route behind the guard.
class ProtectedRoute : public PrincipalRequestHandlerFactory {
public:
    ProtectedRoute(Route route, const Router::Protection& protection, security::Challenge::Ptr challenge)
        : _route(std::move(route)), _next(std::make_shared<HandlerMaker>(makerOf(_route))) {
        if (const auto* rule = std::get_if<security::AccessRule>(&_route.access)) {
            _next = std::make_shared<security::AccessGuard>(*rule, std::move(_next), protection.reporter,
                                                            protection.audit, std::move(challenge));
        }
    }

    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr principal) override {
        request.response().set("Cache-Control", "no-store");
        if (auto response = _route.responseToMethod(request.getMethod()))
            return respondWith(std::move(*response));
        return _next->createRequestHandler(request, std::move(principal));
    }

private:
    const Route _route;
    Ptr _next;
};

class NotFoundBehindGuard : public PrincipalRequestHandlerFactory {
public:
    Handler createRequestHandler(const HTTPServerRequest& request, PrincipalPtr) override {
        request.response().set("Cache-Control", "no-store");
        return notFound();
    }
};

security::Challenge::Ptr challengeOf(std::string_view path, const security::AccessRule& rule,
                                     const Router::Protection& protection) {
    if (protection.challenge) return protection.challenge(path, rule);
    return rule.challenge({.realm = protection.reporter->realm()});
}

HTTPRequestHandlerFactory::Ptr limited(HTTPRequestHandlerFactory::Ptr chain,
                                       const Router::Protection& protection) {
    if (!protection.limits) return chain;
    return new security::LimitedRequestHandlerFactory(protection.limits, protection.reporter,
                                                      std::move(chain));
}

HTTPRequestHandlerFactory::Ptr chainOf(const Route& route, const Router::Protection& protection) {
    if (route.isPublic() && route.isProbe) return new PublicRoute(route);
    if (route.isPublic()) return limited(new PublicRoute(route), protection);
    const auto challenge = challengeOf(route.path, route.rule(), protection);
    return limited(
        protection.guard(std::make_shared<ProtectedRoute>(route, protection, challenge), challenge),
        protection);
}

}  // namespace

Router::Router(const std::vector<Route>& routes, const Protection& protection)
    : _unmatched{std::string(unmatchedRoute),
                 limited(protection.guard(std::make_shared<NotFoundBehindGuard>(),
                                          challengeOf("", security::anyPrincipal(), protection)),
                         protection)} {
    for (const auto& route : routes)
        add(route, chainOf(route, protection));
}

Router::Router(const std::vector<Route>& routes)
    : _unmatched{std::string(unmatchedRoute), Ptr(new NotFound)} {
    for (const auto& route : routes) {
        if (!route.isPublic())
            throw Poco::InvalidArgumentException("a protected route needs a guard", route.path);
        add(route, Ptr(new PublicRoute(route)));
    }
}

void Router::add(const Route& route, Ptr chain) {
    const auto& path = route.path;
    if (path.empty() || path.find('?') != std::string::npos || NormalizedPath(path).text() != path)
        throw Poco::InvalidArgumentException("a route's path is lower case, without a trailing slash", path);
    if (!_routes.emplace(path, Entry{path, std::move(chain)}).second)
        throw Poco::InvalidArgumentException("two routes with one path", path);
}

Router::Entry& Router::find(std::string_view path) {
    const auto found = _routes.find(NormalizedPath(path).text());
    return found == _routes.end() ? _unmatched : found->second;
}

HTTPRequestHandler* Router::createRequestHandler(const HTTPServerRequest& request) {
    const auto* context = RequestContext::of(request);
    auto& entry = find(context != nullptr ? context->path() : RequestTarget::of(request).path);
    if (context != nullptr) context->noteRoute(entry.path);
    return entry.chain->createRequestHandler(request);
}

void Router::completeError(const HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) {
    const auto status = response.getStatus();
    Response::error(status, messageOf(status)).with("Cache-Control", "no-store").send(response);
}

}  // namespace changebank::handlers
