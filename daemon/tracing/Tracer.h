#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <vector>

#include "changebank/base/handler/AccessObserver.h"
#include "changebank/base/system/Clock.h"
#include "changebank/base/system/Snapshot.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/tracing/Span.h"
#include "changebank/daemon/tracing/SpanExporter.h"
#include "changebank/daemon/tracing/TraceCounters.h"

namespace changebank::daemon {

/// Decides which spans are exported, once their request is answered, and hands them to the exporter of the
/// current settings. Without an endpoint it does nothing. Thread-safe.
class Tracer {
public:
    /// The clock must outlive the tracer.
    explicit Tracer(Clock& clock = Clock::system());
    /// Stops at once.
    ~Tracer();
    Tracer(const Tracer&) = delete;
    Tracer& operator=(const Tracer&) = delete;

    /// An exporter for other settings; nullptr without an endpoint. Throws like SpanExporter's constructor.
    std::shared_ptr<SpanExporter> prepare(const Settings::Trace& settings) const;
    /// Exports by it from now on. The one before has its trace.timeout to send what it has, and does so in
    /// its own thread.
    void use(std::shared_ptr<SpanExporter> next);

    /// Exports the spans of a request if its trace is sampled, if its status is 500 or more, if it took
    /// trace.slow or longer, or if it was refused and trace.refusals is true. Returns whether it does, though
    /// the queue may have no room.
    bool answered(const AccessRecord& record) noexcept;

    /// Exports a span that belongs to no request and has no ids yet: if trace.ratio samples it, or if it has
    /// failed.
    void report(Span span) noexcept;

    /// Sends what is left, for at most `time`, and ends. interrupt() cuts it short.
    void finish(std::chrono::milliseconds time);
    void interrupt() noexcept;

    const TraceCounters& counters() const noexcept { return *_counters; }

private:
    Clock& _clock;
    const std::shared_ptr<TraceCounters> _counters;
    Snapshot<SpanExporter> _exporter;
    std::mutex _mutex;
    /// All that may have a thread: the current one is the last. Guarded by the mutex.
    std::vector<std::shared_ptr<SpanExporter>> _exporters;
};

}  // namespace changebank::daemon
