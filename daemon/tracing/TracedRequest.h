#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/system/Clock.h"
#include "changebank/base/trace/RequestTrace.h"
#include "changebank/daemon/tracing/Span.h"

namespace changebank::daemon {

/// What the spans of an answered request are made of: a copy of its record, which has neither a token nor a
/// query, a cookie or another field of the request.
class TracedRequest {
public:
    /// The first status that is an error.
    static constexpr int firstFailure = 500;
    /// The bytes of a path that are kept.
    static constexpr std::size_t maxPath = 1024;

    /// The record must have a trace. `wall` is the time of its end. `withSubject`: whether the caller's `sub`
    /// is kept.
    TracedRequest(const AccessRecord& record, Clock::Wall wall, bool withSubject);

    /// How many spans() has.
    std::size_t spanCount() const noexcept;

    /// A span of the kind server and, below it, `guard` if a guard judged the request, and `handler` if a
    /// handler ran that is not a refusal. Names and attributes are those of OpenTelemetry's semantic
    /// conventions for HTTP. Only a status of 500 or more is an error.
    std::vector<Span> spans() const;

private:
    Span::Time timeOf(Clock::Monotonic time) const noexcept;
    bool hasHandler() const noexcept;
    Span child(const char* name, Clock::Monotonic begin, Clock::Monotonic end) const;

    std::string _method;
    std::string _path;
    int _status;
    std::string _requestId;
    std::string _clientAddress;
    int _clientPort = 0;
    std::string _route;
    std::string _subject;
    std::string_view _denial;
    std::string _traceId;
    std::string _spanId;
    std::string _parentId;
    RequestTrace _times;
    Clock::Wall _wall;
};

}  // namespace changebank::daemon
