#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "changebank/base/http/HttpClient.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/tracing/SpanQueue.h"
#include "changebank/daemon/tracing/TraceCounters.h"

namespace changebank::daemon {

/// Sends spans to a collector by OTLP/HTTP, on a thread of its own and in batches. push() never waits: what
/// does not fit into the queue is dropped and counted. Statuses 429, 502, 503 and 504 and a collector out of
/// reach are tried again, maxAttempts times in all, after what Retry-After says or with growing pauses; any
/// other failure loses the batch. Thread-safe.
class SpanExporter {
public:
    /// Spans of one request to the collector.
    static constexpr std::size_t maxBatch = 512;
    static constexpr unsigned maxAttempts = 5;
    /// How long spans wait for others.
    static constexpr std::chrono::milliseconds delay{1'000};
    /// The longest pause that a collector can ask for.
    static constexpr std::chrono::seconds maxPause{30};

    /// `settings` must have an endpoint. Throws Poco::Exception if the file of certificate authorities cannot
    /// be read, std::system_error if there are no more threads.
    SpanExporter(Settings::Trace settings, std::shared_ptr<TraceCounters> counters);
    /// Stops at once.
    ~SpanExporter();
    SpanExporter(const SpanExporter&) = delete;
    SpanExporter& operator=(const SpanExporter&) = delete;

    const Settings::Trace& settings() const noexcept { return _settings; }

    void push(TracedRequest&& request) noexcept;
    void push(Span&& span) noexcept;

    /// Has what is queued sent and the thread end; does not wait.
    void finish(std::chrono::milliseconds time);

    /// Waits for the end, at most as long as finish() said, and interrupts then what is under way. What is
    /// left is lost.
    void join();

    /// Ends the export under way and everything else; what is left is lost.
    void interrupt() noexcept;

private:
    using Monotonic = std::chrono::steady_clock::time_point;

    void run(const std::stop_token& stopping);
    std::vector<Span> take();
    bool hasNothing() const { return !_held && _queue.size() == 0; }
    void send(const std::vector<Span>& spans, const std::stop_token& stopping);
    /// Waits; returns false if there is no time left.
    bool pause(std::chrono::milliseconds time, const std::stop_token& stopping);
    void wait(const std::stop_token& stopping);
    std::chrono::milliseconds timeLeft();
    void settle(const HttpClient::Response& response, std::size_t count);
    void tell(const std::string& failure);
    void push(SpanQueue::Item&& item, std::size_t spans) noexcept;

    const Settings::Trace _settings;
    const std::shared_ptr<TraceCounters> _counters;
    const HttpClient _client;
    const std::vector<Span::Attribute> _resource;
    SpanQueue _queue;
    /// What did not fit into the last batch. For the thread alone, as is _isFailing.
    std::optional<SpanQueue::Item> _held;
    bool _isFailing = false;
    std::mutex _mutex;
    std::condition_variable_any _changed;
    /// Set by finish().
    std::optional<Monotonic> _deadline;
    bool _hasEnded = false;
    std::jthread _thread;
};

}  // namespace changebank::daemon
