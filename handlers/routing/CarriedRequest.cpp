#include "changebank/handlers/routing/CarriedRequest.h"

#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::handlers {

CarriedRequest::CarriedRequest(const Poco::Net::HTTPServerRequest& outer)
    : _outer(outer), _context(RequestContext::of(outer)) {}

std::istream& CarriedRequest::stream() {
    if (!_stream) _stream.emplace(nullptr);
    return *_stream;
}

std::string_view CarriedRequest::path() const {
    return RequestTarget::split(getURI()).path;
}

std::string_view CarriedRequest::query() const {
    return RequestTarget::split(getURI()).query;
}

std::string_view CarriedRequest::traceId() const {
    return _context != nullptr ? _context->traceId() : std::string_view();
}

std::string_view CarriedRequest::spanId() const {
    return _context != nullptr ? _context->spanId() : std::string_view();
}

std::string_view CarriedRequest::traceParent() const {
    return _context != nullptr ? _context->traceParent() : std::string_view();
}

std::string CarriedRequest::traceState() const {
    return _context != nullptr ? _context->traceState() : std::string();
}

void CarriedRequest::noteGuarded() const {
    if (_context != nullptr) _context->noteGuarded();
}

void CarriedRequest::noteReceived(std::string_view method, std::string_view path) const {
    if (_context != nullptr) _context->noteReceived(method, path);
}

void CarriedRequest::noteRoute(std::string_view pattern) const {
    if (_context != nullptr) _context->noteRoute(pattern);
}

std::string_view CarriedRequest::notedRoute() const {
    return _context != nullptr ? _context->notedRoute() : std::string_view();
}

void CarriedRequest::noteSubject(std::string_view subject) const {
    if (_context != nullptr) _context->noteSubject(subject);
}

void CarriedRequest::noteDenial(std::string_view cause) const {
    if (_context != nullptr) _context->noteDenial(cause);
}

}  // namespace changebank::handlers
