#include "changebank/daemon/tracing/Tracer.h"

#include <exception>
#include <utility>

#include "changebank/base/trace/SpanId.h"

namespace changebank::daemon {

namespace {

bool isExported(const AccessRecord& record, const Settings::Trace& settings) {
    if (record.trace->isSampled || record.status >= TracedRequest::firstFailure) return true;
    if (settings.refusals && !record.denial.empty()) return true;
    return settings.slow > std::chrono::milliseconds::zero() && record.duration >= settings.slow;
}

}  // namespace

Tracer::Tracer(Clock& clock)
    : _clock(clock), _counters(std::make_shared<TraceCounters>()), _exporter(nullptr) {}

Tracer::~Tracer() {
    interrupt();
    for (const auto& exporter : _exporters)
        exporter->join();
}

std::shared_ptr<SpanExporter> Tracer::prepare(const Settings::Trace& settings) const {
    if (settings.endpoint.empty()) return nullptr;
    return std::make_shared<SpanExporter>(settings, _counters);
}

void Tracer::use(std::shared_ptr<SpanExporter> next) {
    const std::lock_guard lock(_mutex);
    // One that is still not done at the second change has had its time.
    while (_exporters.size() > 1) {
        _exporters.front()->interrupt();
        _exporters.front()->join();
        _exporters.erase(_exporters.begin());
    }
    _exporter.store(next);
    if (!_exporters.empty()) _exporters.back()->finish(_exporters.back()->settings().timeout);
    if (next) _exporters.push_back(std::move(next));
}

bool Tracer::answered(const AccessRecord& record) noexcept {
    if (record.trace == nullptr) return false;
    const auto& exporter = _exporter.load();
    if (!exporter || !isExported(record, exporter->settings())) return false;
    try {
        exporter->push(TracedRequest(record, _clock.wall(), exporter->settings().subjects));
    } catch (const std::exception&) {
        // Out of memory.
        _counters->dropped.fetch_add(1, std::memory_order_relaxed);
    }
    return true;
}

void Tracer::report(Span span) noexcept {
    const auto& exporter = _exporter.load();
    if (!exporter) return;
    try {
        span.traceId = newTraceId();
        span.spanId = newSpanId();
        if (span.hasFailed || exporter->settings().sampling.samples(span.traceId))
            exporter->push(std::move(span));
    } catch (const std::exception&) {
        _counters->dropped.fetch_add(1, std::memory_order_relaxed);
    }
}

void Tracer::finish(std::chrono::milliseconds time) {
    std::vector<std::shared_ptr<SpanExporter>> exporters;
    {
        const std::lock_guard lock(_mutex);
        exporters = _exporters;
    }
    for (const auto& exporter : exporters)
        exporter->finish(time);
    for (const auto& exporter : exporters)
        exporter->join();
}

void Tracer::interrupt() noexcept {
    const std::lock_guard lock(_mutex);
    for (const auto& exporter : _exporters)
        exporter->interrupt();
}

}  // namespace changebank::daemon
