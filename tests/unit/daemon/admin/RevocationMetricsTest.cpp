#include "changebank/daemon/admin/RevocationMetrics.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    Revocations::Status status;
    WebhookCounters events;

    bool has(const std::string& line) const {
        PrometheusText text;
        writeRevocations(text, status, events);
        return text.text().find("\n" + line + "\n") != std::string::npos;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationMetricsTest, Fixture)

BOOST_AUTO_TEST_CASE(revocationsAndEventsAreCounted) {
    status.list.entries = 3;
    status.list.capacity = 100;
    events.count(EventOutcome::kept);
    events.count(EventOutcome::notWritten);
    events.count(EventOutcome::notWritten);
    BOOST_TEST(has("changebank_revocations 3"));
    BOOST_TEST(has("changebank_revocations_max 100"));
    BOOST_TEST(has(R"(changebank_revocation_events_total{outcome="kept"} 1)"));
    BOOST_TEST(has(R"(changebank_revocation_events_total{outcome="unsigned"} 0)"));
    BOOST_TEST(has(R"(changebank_revocation_events_total{outcome="not_written"} 2)"));
}

BOOST_AUTO_TEST_CASE(theStreamHasSamplesIfThereIsOne) {
    BOOST_TEST(has("# TYPE changebank_revocation_store_up gauge"));
    BOOST_TEST(!has("changebank_revocation_store_up 0"));
    status.stream.emplace();
    status.stream->received = 5;
    status.stream->malformed = 6;
    status.stream->unpublished = 7;
    status.outOfDateFor = 1500ms;
    BOOST_TEST(has("changebank_revocation_store_up 0"));
    BOOST_TEST(has("changebank_revocation_store_seconds_since_up_to_date 1.5"));
    BOOST_TEST(has("changebank_revocation_stream_entries_total 5"));
    BOOST_TEST(has("changebank_revocation_stream_malformed_total 6"));
    BOOST_TEST(has("changebank_revocation_unpublished 7"));
    BOOST_TEST(has("changebank_revocation_publish_up 1"));
    status.stream->isUpToDate = true;
    status.stream->publishFailure = "OOM";
    BOOST_TEST(has("changebank_revocation_store_up 1"));
    BOOST_TEST(has("changebank_revocation_publish_up 0"));
}

BOOST_AUTO_TEST_CASE(theFileHasASampleIfThereIsOne) {
    BOOST_TEST(!has("changebank_revocation_file_up 1"));
    status.file = "/f";
    BOOST_TEST(has("changebank_revocation_file_up 1"));
    status.fileFailure = "full";
    BOOST_TEST(has("changebank_revocation_file_up 0"));
}

BOOST_AUTO_TEST_SUITE_END()
