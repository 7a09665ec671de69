#include "changebank/daemon/tracing/SpanExporter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "changebank/base/system/ExceptionText.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/base/trace/SpanId.h"
#include "changebank/daemon/logging/Logging.h"
#include "changebank/daemon/process/Version.h"
#include "changebank/daemon/tracing/OtlpJson.h"

namespace changebank::daemon {

using std::chrono::milliseconds;

namespace {

/// Room in the answer for the message of a partial success.
constexpr std::size_t maxAnswer = std::size_t{64} * 1024;
/// Requests that do not wait for others, so that a burst does not fill the queue.
constexpr std::size_t fullBatch = SpanExporter::maxBatch / 4;
/// How often the queue is looked at. Waking the thread would be a lock on the way of a request.
constexpr milliseconds glance{100};

std::string hostName() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

std::vector<Span::Attribute> resourceOf(const Settings::Trace& settings) {
    std::vector<Span::Attribute> attributes{{"service.name", settings.serviceName},
                                            {"service.version", std::string(version)},
                                            {"service.instance.id", newTraceId()}};
    if (auto name = hostName(); !name.empty()) attributes.emplace_back("host.name", std::move(name));
    return attributes;
}

bool isWorthAnotherTry(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

/// What the response asks for, in whole seconds; a date or nonsense is nothing.
std::optional<std::chrono::seconds> retryAfterOf(const HttpClient::Response& response) {
    const auto text = response.fields.get("Retry-After", "");
    unsigned seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return std::min(std::chrono::seconds(seconds), SpanExporter::maxPause);
}

/// `rejectedSpans` of a partial success: a 64-bit number, which is text in JSON.
std::uint64_t rejectedBy(const HttpClient::Response& response) {
    const auto answer = Json::parse(response.body, {.size = maxAnswer});
    const auto* partial = answer ? answer->find("partialSuccess") : nullptr;
    const auto* rejected = partial != nullptr ? partial->find("rejectedSpans") : nullptr;
    if (rejected == nullptr) return 0;
    const auto* number = rejected->number();
    const auto* text = number != nullptr ? &number->text : rejected->string();
    std::uint64_t count = 0;
    if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), count);
    return count;
}

}  // namespace

SpanExporter::SpanExporter(Settings::Trace settings, std::shared_ptr<TraceCounters> counters)
    : _settings(std::move(settings)),
      _counters(std::move(counters)),
      _client({.caFile = _settings.caFile, .maxBodySize = maxAnswer}),
      _resource(resourceOf(_settings)),
      _queue(_settings.queue),
      _thread([this](const std::stop_token& stopping) { run(stopping); }) {}

SpanExporter::~SpanExporter() {
    interrupt();
}

void SpanExporter::push(TracedRequest&& request) noexcept {
    const auto spans = request.spanCount();
    push(SpanQueue::Item(std::move(request)), spans);
}

void SpanExporter::push(Span&& span) noexcept {
    push(SpanQueue::Item(std::move(span)), 1);
}

void SpanExporter::push(SpanQueue::Item&& item, std::size_t spans) noexcept {
    if (!_queue.push(std::move(item))) _counters->dropped.fetch_add(spans, std::memory_order_relaxed);
}

void SpanExporter::finish(milliseconds time) {
    const std::lock_guard lock(_mutex);
    _deadline = std::chrono::steady_clock::now() + time;
    _changed.notify_all();
}

void SpanExporter::join() {
    {
        std::unique_lock lock(_mutex);
        // It may be in an export that was given more time than is left.
        if (_deadline) _changed.wait_until(lock, *_deadline, [this] { return _hasEnded; });
    }
    interrupt();
    if (_thread.joinable()) _thread.join();
}

void SpanExporter::interrupt() noexcept {
    _thread.request_stop();
}

void SpanExporter::run(const std::stop_token& stopping) {
    while (!stopping.stop_requested()) {
        wait(stopping);
        while (!hasNothing() && !stopping.stop_requested() && timeLeft() > milliseconds::zero()) {
            try {
                send(take(), stopping);
            } catch (const std::exception& error) {
                tell(exceptionText(error));
            }
        }
        const std::lock_guard lock(_mutex);
        if (_deadline) break;
    }
    while (!hasNothing())
        _counters->failed.fetch_add(take().size(), std::memory_order_relaxed);
    const std::lock_guard lock(_mutex);
    _hasEnded = true;
    _changed.notify_all();
}

void SpanExporter::wait(const std::stop_token& stopping) {
    std::unique_lock lock(_mutex);
    const auto isDue = [this] { return _deadline.has_value() || _queue.size() >= fullBatch; };
    for (auto waited = milliseconds::zero(); waited < delay && !stopping.stop_requested(); waited += glance) {
        if (_changed.wait_for(lock, stopping, glance, isDue)) return;
    }
}

milliseconds SpanExporter::timeLeft() {
    const std::lock_guard lock(_mutex);
    if (!_deadline) return _settings.timeout;
    const auto left = std::chrono::ceil<milliseconds>(*_deadline - std::chrono::steady_clock::now());
    return std::clamp(left, milliseconds::zero(), _settings.timeout);
}

std::vector<Span> SpanExporter::take() {
    std::vector<Span> batch;
    for (;;) {
        auto item = _held ? std::exchange(_held, std::nullopt) : _queue.pop();
        if (!item) return batch;
        auto* request = std::get_if<TracedRequest>(&*item);
        const auto count = request != nullptr ? request->spanCount() : 1;
        if (batch.size() + count > maxBatch) {
            _held = std::move(item);
            return batch;
        }
        if (request == nullptr) {
            batch.push_back(std::get<Span>(std::move(*item)));
            continue;
        }
        auto spans = request->spans();
        std::move(spans.begin(), spans.end(), std::back_inserter(batch));
    }
}

bool SpanExporter::pause(milliseconds time, const std::stop_token& stopping) {
    std::unique_lock lock(_mutex);
    const auto end = std::chrono::steady_clock::now() + time;
    const auto isOver = [&] { return _deadline && *_deadline < end; };
    _changed.wait_until(lock, stopping, end, isOver);
    return !stopping.stop_requested() && !isOver();
}

void SpanExporter::send(const std::vector<Span>& spans, const std::stop_token& stopping) {
    if (spans.empty()) return;
    HttpClient::Request request{
        .url = _settings.endpoint,
        .fields = {{"Content-Type", "application/json"}, {"User-Agent", "changebank"}},
        .body = otlpJson(spans, _resource, version)};
    request.fields.insert(request.fields.end(), _settings.headers.begin(), _settings.headers.end());
    milliseconds nextPause{1'000};
    for (unsigned attempt = 1;; ++attempt) {
        const auto result = _client.send(request, timeLeft(), stopping);
        const auto* response = std::get_if<HttpClient::Response>(&result);
        if (response != nullptr && !isWorthAnotherTry(response->status))
            return settle(*response, spans.size());
        tell(response != nullptr ? "the response has status " + std::to_string(response->status)
                                 : std::get<HttpClient::Failure>(result).reason);
        const auto asked = response != nullptr ? retryAfterOf(*response) : std::nullopt;
        if (attempt == maxAttempts || !pause(asked ? milliseconds(*asked) : nextPause, stopping)) break;
        nextPause *= 2;
    }
    _counters->failed.fetch_add(spans.size(), std::memory_order_relaxed);
}

void SpanExporter::settle(const HttpClient::Response& response, std::size_t count) {
    const bool isAccepted = response.status >= 200 && response.status < 300;
    const auto rejected = isAccepted ? std::min<std::uint64_t>(rejectedBy(response), count) : count;
    _counters->rejected.fetch_add(rejected, std::memory_order_relaxed);
    _counters->exported.fetch_add(count - rejected, std::memory_order_relaxed);
    if (!isAccepted) return tell("the response has status " + std::to_string(response.status));
    if (std::exchange(_isFailing, false))
        log(Poco::Message::PRIO_NOTICE, "traces are exported again to " + inQuotes(_settings.endpoint));
}

/// Once until an export succeeds.
void SpanExporter::tell(const std::string& failure) {
    if (std::exchange(_isFailing, true)) return;
    log(Poco::Message::PRIO_WARNING,
        "cannot export traces to " + inQuotes(_settings.endpoint) + ": " + failure);
}

}  // namespace changebank::daemon
