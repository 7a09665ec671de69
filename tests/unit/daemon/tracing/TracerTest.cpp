#include "changebank/daemon/tracing/Tracer.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/tracing/TracedRecord.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

/// Nobody listens there.
Settings::Trace settings() {
    Settings::Trace trace;
    trace.endpoint = "http://127.0.0.1:1/v1/traces";
    trace.sampling = TraceSampling::ofRatio(0);
    trace.queue = 16;
    trace.timeout = 100ms;
    trace.serviceName = "bank";
    return trace;
}

struct Fixture {
    bool isExported(const Settings::Trace& by) {
        tracer.use(tracer.prepare(by));
        return tracer.answered(traced.record());
    }

    Tracer tracer;
    TracedRecord traced;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(TracerTest, Fixture)

BOOST_AUTO_TEST_CASE(withoutAnEndpointNothingIsExported) {
    BOOST_TEST(tracer.prepare({}) == nullptr);
    BOOST_TEST(!isExported({}));
    tracer.report({});
    BOOST_TEST(tracer.counters().dropped == 0U);
}

BOOST_AUTO_TEST_CASE(sampledTracesAndFailuresAreExported) {
    BOOST_TEST(isExported(settings()));
    traced.trace.isSampled = false;
    BOOST_TEST(!isExported(settings()));
    traced.status = 499;
    BOOST_TEST(!isExported(settings()));
    traced.status = 500;
    BOOST_TEST(isExported(settings()));
}

BOOST_AUTO_TEST_CASE(slowAndRefusedOnesAreExportedIfAskedFor) {
    traced.trace.isSampled = false;
    traced.status = 403;
    traced.denial = "role_missing";
    BOOST_TEST(!isExported(settings()));
    auto refusals = settings();
    refusals.refusals = true;
    BOOST_TEST(isExported(refusals));
    auto slow = settings();
    slow.slow = 10ms;
    BOOST_TEST(isExported(slow));
    slow.slow = 11ms;
    BOOST_TEST(!isExported(slow));
}

BOOST_AUTO_TEST_CASE(aRequestWithoutATraceIsNone) {
    tracer.use(tracer.prepare(settings()));
    auto record = traced.record();
    record.trace = nullptr;
    BOOST_TEST(!tracer.answered(record));
}

BOOST_AUTO_TEST_CASE(whatIsLeftAtTheEndCounts) {
    tracer.use(tracer.prepare(settings()));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(tracer.answered(traced.record()));
    tracer.finish(1ms);
    BOOST_TEST(tracer.counters().failed == 9U);
    BOOST_TEST(tracer.counters().exported == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
