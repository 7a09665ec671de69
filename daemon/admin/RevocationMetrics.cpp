#include "changebank/daemon/admin/RevocationMetrics.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "changebank/daemon/admin/ReportTimes.h"

namespace changebank::daemon {

namespace {

using Type = PrometheusText::Type;

void writeEvents(PrometheusText& text, const WebhookCounters& events) {
    text.family("changebank_revocation_events_total", Type::counter,
                "Events of FusionAuth's webhooks, by what became of them.");
    for (std::size_t i = 0; i < eventOutcomeCount; ++i) {
        const auto outcome = static_cast<EventOutcome>(i);
        text.sample({{"outcome", nameOf(outcome)}}, events.of(outcome));
    }
}

/// A family of one sample, or of none without a stream.
template <typename Value>
void writeStream(PrometheusText& text, const std::optional<RevocationStream::Status>& stream,
                 std::string_view name, Type type, std::string_view help, Value value) {
    text.family(name, type, help);
    if (stream) text.sample({}, value(*stream));
}

}  // namespace

void writeRevocations(PrometheusText& text, const Revocations::Status& status,
                      const WebhookCounters& events) {
    using Stream = RevocationStream::Status;
    text.single("changebank_revocations", Type::gauge, "Revocations in effect.",
                std::uint64_t{status.list.entries});
    text.single("changebank_revocations_max", Type::gauge, "The most that can be in effect.",
                std::uint64_t{status.list.capacity});
    text.family("changebank_revocation_file_up", Type::gauge,
                "1 if the last write to the file of revocations succeeded, 0 if it failed.");
    if (!status.file.empty()) text.sample({}, std::uint64_t{status.fileFailure.empty() ? 1U : 0U});
    writeEvents(text, events);
    writeStream(text, status.stream, "changebank_revocation_store_up", Type::gauge,
                "1 if all revocations in Redis are known here, 0 if it is out of reach.",
                [](const Stream& stream) { return std::uint64_t{stream.isUpToDate ? 1U : 0U}; });
    writeStream(text, status.stream, "changebank_revocation_store_seconds_since_up_to_date", Type::gauge,
                "Seconds since all revocations in Redis were known here; 0 while they are.",
                [&status](const Stream&) { return secondsOf(status.outOfDateFor); });
    writeStream(text, status.stream, "changebank_revocation_stream_entries_total", Type::counter,
                "Revocations read from Redis, own ones included.",
                [](const Stream& stream) { return stream.received; });
    writeStream(text, status.stream, "changebank_revocation_stream_malformed_total", Type::counter,
                "Entries in Redis that are not revocations and were skipped.",
                [](const Stream& stream) { return stream.malformed; });
    writeStream(text, status.stream, "changebank_revocation_publish_up", Type::gauge,
                "1 if Redis accepts revocations, 0 if it refused the last one.",
                [](const Stream& stream) { return std::uint64_t{stream.publishFailure.empty() ? 1U : 0U}; });
    writeStream(
        text, status.stream, "changebank_revocation_unpublished", Type::gauge,
        "Revocations of this replica that are not known to be in Redis, so that others may lack them.",
        [](const Stream& stream) { return std::uint64_t{stream.unpublished}; });
}

}  // namespace changebank::daemon
