#include "changebank/daemon/metrics/MetricsFormat.h"

#include <boost/test/unit_test.hpp>

using namespace changebank::daemon;

namespace {

bool isOpen(std::string_view accept) {
    return metricsFormatFor(accept) == PrometheusText::Format::openMetrics;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MetricsFormatTest)

BOOST_AUTO_TEST_CASE(openMetricsIsForThoseWhoAskForIt) {
    for (const auto* accept :
         {"application/openmetrics-text", "Application/OpenMetrics-Text ; version=1.0.0; charset=utf-8",
          "application/openmetrics-text;version=\"1.0.0\"", "text/plain, application/openmetrics-text",
          "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
          "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
          "text/plain;q=0.3,application/openmetrics-text;q=0.4"})
        BOOST_TEST(isOpen(accept), accept);
}

BOOST_AUTO_TEST_CASE(othersGetPrometheusText) {
    for (const auto* accept :
         {"", "*/*", "text/plain", "application/*", "application/json", "application/openmetrics-text;q=0",
          "application/openmetrics-text;version=0.0.1", "application/openmetrics-text;version=2.0.0",
          "application/openmetrics-text;q=x", "application/openmetrics-text;q=0.4,text/plain;q=0.5", ",;=,",
          "application/openmetrics-textual"})
        BOOST_TEST(!isOpen(accept), accept);
}

BOOST_AUTO_TEST_SUITE_END()
