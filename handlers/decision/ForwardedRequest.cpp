#include "changebank/handlers/decision/ForwardedRequest.h"

#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/handlers/routing/RequestTarget.h"

namespace changebank::handlers {

namespace {

bool isOfConvention(std::string_view name) {
    return isSameIgnoringCase(name, Poco::Net::HTTPRequest::HOST) ||
           isSameIgnoringCase(name, forwardedMethodField) || isSameIgnoringCase(name, forwardedHostField) ||
           isSameIgnoringCase(name, forwardedUriField);
}

}  // namespace

ForwardedRequest::ForwardedRequest(const Poco::Net::HTTPServerRequest& outer, const ReceivedRequest& received)
    : _outer(outer), _context(RequestContext::of(outer)) {
    setMethod(received.method);
    setURI(received.target);
    setVersion(outer.getVersion());
    add(HOST, received.host);
    for (const auto& [name, value] : outer) {
        if (!isOfConvention(name)) add(name, value);
    }
}

std::istream& ForwardedRequest::stream() {
    if (!_stream) _stream.emplace(nullptr);
    return *_stream;
}

std::string_view ForwardedRequest::path() const {
    return RequestTarget::split(getURI()).path;
}

std::string_view ForwardedRequest::query() const {
    return RequestTarget::split(getURI()).query;
}

std::string_view ForwardedRequest::traceId() const {
    return _context != nullptr ? _context->traceId() : std::string_view();
}

std::string_view ForwardedRequest::spanId() const {
    return _context != nullptr ? _context->spanId() : std::string_view();
}

std::string_view ForwardedRequest::traceParent() const {
    return _context != nullptr ? _context->traceParent() : std::string_view();
}

std::string ForwardedRequest::traceState() const {
    return _context != nullptr ? _context->traceState() : std::string();
}

void ForwardedRequest::noteGuarded() const {
    if (_context != nullptr) _context->noteGuarded();
}

void ForwardedRequest::noteReceived(std::string_view method, std::string_view path) const {
    if (_context != nullptr) _context->noteReceived(method, path);
}

void ForwardedRequest::noteRoute(std::string_view pattern) const {
    if (_context != nullptr) _context->noteRoute(pattern);
}

std::string_view ForwardedRequest::notedRoute() const {
    return _context != nullptr ? _context->notedRoute() : std::string_view();
}

void ForwardedRequest::noteSubject(std::string_view subject) const {
    if (_context != nullptr) _context->noteSubject(subject);
}

void ForwardedRequest::noteDenial(std::string_view cause) const {
    if (_context != nullptr) _context->noteDenial(cause);
}

}  // namespace changebank::handlers
