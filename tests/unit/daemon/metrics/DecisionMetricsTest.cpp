#include "changebank/daemon/metrics/DecisionMetrics.h"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace changebank::daemon;

namespace {

std::string textOf(const DecisionMetrics& metrics) {
    PrometheusText text;
    metrics.write(text);
    return text.text();
}

bool has(const std::string& text, const std::string& line) {
    return text.find("\n" + line + "\n") != std::string::npos;
}

std::size_t samplesIn(const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find("{rule="); at != std::string::npos; at = text.find("{rule=", at + 1))
        ++count;
    return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DecisionMetricsTest)

BOOST_AUTO_TEST_CASE(decisionsAreCountedByRuleAndStatus) {
    DecisionMetrics metrics(1'000);
    for (const auto& [rule, status] : {std::pair{1U, 200}, {1U, 200}, {1U, 403}, {1'000U, 401}, {0U, 403}})
        metrics.decided(rule, status);
    const auto text = textOf(metrics);
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="1",status="200"} 2)"));
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="1",status="403"} 1)"));
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="1000",status="401"} 1)"));
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="0",status="403"} 1)"));
    BOOST_TEST(samplesIn(text) == 4U);
    BOOST_TEST(metrics.totals().allowed == 2U);
    BOOST_TEST(metrics.totals().refused == 3U);
}

BOOST_AUTO_TEST_CASE(neitherRulesNorStatusesMakeItGrow) {
    DecisionMetrics metrics(2);
    for (unsigned rule = 0; rule < 100; ++rule) {
        for (int status = 100; status < 600; ++status)
            metrics.decided(rule, status);
    }
    const auto text = textOf(metrics);
    BOOST_TEST(samplesIn(text) == 3U * 8U);
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="2",status="503"} 1)"));
    BOOST_TEST(has(text, R"(changebank_decisions_total{rule="2",status="other"} 493)"));
}

BOOST_AUTO_TEST_SUITE_END()
