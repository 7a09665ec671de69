#include "changebank/daemon/tracing/TracedRequest.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "changebank/base/handler/ClientText.h"
#include "changebank/base/text/Utf8.h"
#include "changebank/base/trace/SpanId.h"

namespace changebank::daemon {

namespace {

/// The methods that a name and an attribute may have, so that callers cannot make up many.
bool isKnownMethod(std::string_view method) {
    constexpr std::array<std::string_view, 9> known{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                    "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    return std::find(known.begin(), known.end(), method) != known.end();
}

/// The noted route of a path that has none is no route.
bool isRoute(std::string_view route) {
    return route.starts_with('/');
}

}  // namespace

TracedRequest::TracedRequest(const AccessRecord& record, Clock::Wall wall, bool withSubject)
    : _method(utf8Prefix(record.method, 64)),
      _path(utf8Prefix(record.path, maxPath)),
      _status(record.status),
      _requestId(record.requestId),
      _route(record.route),
      _subject(withSubject ? record.subject : std::string_view{}),
      _denial(record.denial),
      _traceId(record.traceId),
      _spanId(record.spanId),
      _parentId(record.trace->parentId),
      _times(*record.trace),
      _wall(wall) {
    _times.parentId = {};
    if (record.client.family() == Poco::Net::SocketAddress::UNIX_LOCAL) return;
    // Without its port, which is an attribute of its own.
    _clientAddress = clientText({record.client.host(), 0});
    _clientPort = record.client.port();
}

std::size_t TracedRequest::spanCount() const noexcept {
    return 1U + (_times.isGuarded ? 1U : 0U) + (hasHandler() ? 1U : 0U);
}

bool TracedRequest::hasHandler() const noexcept {
    return _denial.empty() && _times.handled != Clock::Monotonic{};
}

Span::Time TracedRequest::timeOf(Clock::Monotonic time) const noexcept {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(_wall) - (_times.ended - time);
}

Span TracedRequest::child(const char* name, Clock::Monotonic begin, Clock::Monotonic end) const {
    Span span{.traceId = _traceId,
              .spanId = newSpanId(),
              .parentId = _spanId,
              .name = name,
              .begin = timeOf(begin),
              .end = timeOf(end)};
    return span;
}

std::vector<Span> TracedRequest::spans() const {
    const bool isKnown = isKnownMethod(_method);
    const bool hasFailed = _status >= firstFailure;
    const auto status = std::to_string(_status);
    Span server{.traceId = _traceId,
                .spanId = _spanId,
                .parentId = _parentId,
                .name = isKnown ? _method : "HTTP",
                .kind = Span::Kind::server,
                .begin = timeOf(_times.begun),
                .end = timeOf(_times.ended),
                .hasFailed = hasFailed};
    auto& attributes = server.attributes;
    attributes = {{"http.request.method", isKnown ? _method : "_OTHER"},
                  {"url.path", _path},
                  {"url.scheme", std::string(_times.isSecure ? "https" : "http")},
                  {"http.response.status_code", std::int64_t{_status}},
                  {"http.request.header.x-request-id", std::vector<std::string>{_requestId}}};
    if (!isKnown) attributes.emplace_back("http.request.method_original", _method);
    if (isRoute(_route)) {
        server.name += " " + _route;
        attributes.emplace_back("http.route", _route);
    }
    if (!_clientAddress.empty()) attributes.emplace_back("client.address", _clientAddress);
    if (_clientPort != 0) attributes.emplace_back("client.port", std::int64_t{_clientPort});
    if (!_subject.empty()) attributes.emplace_back("enduser.id", _subject);
    const std::string error(_denial.empty() && hasFailed ? std::string_view(status) : _denial);
    if (!error.empty()) attributes.emplace_back("error.type", error);

    std::vector<Span> spans{std::move(server)};
    if (_times.isGuarded) {
        auto guard = child("guard", _times.choosing, std::max(_times.choosing, _times.chosen));
        guard.hasFailed = hasFailed && !_denial.empty();
        if (!_denial.empty()) guard.attributes.emplace_back("error.type", error);
        spans.push_back(std::move(guard));
    }
    if (hasHandler()) {
        auto handler = child("handler", _times.handling, _times.handled);
        handler.hasFailed = hasFailed;
        if (hasFailed) handler.attributes.emplace_back("error.type", error);
        spans.push_back(std::move(handler));
    }
    return spans;
}

}  // namespace changebank::daemon
