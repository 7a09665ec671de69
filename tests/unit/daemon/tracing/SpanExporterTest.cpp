#include "changebank/daemon/tracing/SpanExporter.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/tracing/TracedRecord.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

Settings::Trace settings() {
    Settings::Trace trace;
    trace.endpoint = "http://127.0.0.1:1/v1/traces";
    trace.queue = 16;
    trace.timeout = 1min;
    trace.serviceName = "bank";
    return trace;
}

}  // namespace

/// tests/conformance/traces.test.mjs has exporters with a collector.
BOOST_AUTO_TEST_SUITE(SpanExporterTest)

BOOST_AUTO_TEST_CASE(aQueueThatIsFullDropsAndCounts) {
    const auto counters = std::make_shared<TraceCounters>();
    SpanExporter exporter(settings(), counters);
    exporter.interrupt();
    exporter.join();
    for (int i = 0; i < 16; ++i)
        exporter.push(Span{});
    BOOST_TEST(counters->dropped == 0U);
    exporter.push(Span{});
    BOOST_TEST(counters->dropped == 1U);
    exporter.push(TracedRequest(TracedRecord().record(), {}, false));
    BOOST_TEST(counters->dropped == 4U);
}

BOOST_AUTO_TEST_CASE(anInterruptedOneEndsAtOnceAndCountsWhatIsLeft) {
    const auto counters = std::make_shared<TraceCounters>();
    SpanExporter exporter(settings(), counters);
    exporter.push(Span{});
    exporter.interrupt();
    exporter.join();
    BOOST_TEST(counters->failed == 1U);
}

BOOST_AUTO_TEST_CASE(aCollectorThatStallsHoldsTheEndUpNoLongerThanTold) {
    Poco::Net::ServerSocket collector(Poco::Net::SocketAddress("127.0.0.1", 0));
    auto stalled = settings();
    stalled.endpoint = "http://" + collector.address().toString() + "/v1/traces";
    const auto counters = std::make_shared<TraceCounters>();
    SpanExporter exporter(stalled, counters);
    exporter.push(Span{});
    // The export is under way, with a minute's time, when the end comes.
    const auto connection = collector.acceptConnection();
    const auto begun = std::chrono::steady_clock::now();
    exporter.finish(100ms);
    exporter.join();
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 30s));
    BOOST_TEST(counters->failed == 1U);
}

BOOST_AUTO_TEST_CASE(authoritiesThatCannotBeReadAreAFault) {
    auto bad = settings();
    bad.caFile = "/nonexistent";
    BOOST_CHECK_THROW(SpanExporter(bad, std::make_shared<TraceCounters>()), Poco::Exception);
}

BOOST_AUTO_TEST_SUITE_END()
