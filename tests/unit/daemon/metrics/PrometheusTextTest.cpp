#include "changebank/daemon/metrics/PrometheusText.h"

#include <boost/test/unit_test.hpp>
#include <limits>

using changebank::daemon::LastExemplar;
using changebank::daemon::PrometheusText;
using Type = PrometheusText::Type;

BOOST_AUTO_TEST_SUITE(PrometheusTextTest)

BOOST_AUTO_TEST_CASE(aFamilyHasHelpTypeAndSamples) {
    PrometheusText text;
    text.family("x_total", Type::counter, "How many.\nAnd \\.");
    text.sample({}, std::uint64_t{7});
    text.sample({{"a", "b\"c\\d\ne"}, {"f", "g"}}, 0.5);
    BOOST_TEST(text.text() ==
               "# HELP x_total How many.\\nAnd \\\\.\n# TYPE x_total counter\nx_total 7\n"
               "x_total{a=\"b\\\"c\\\\d\\ne\",f=\"g\"} 0.5\n");
}

BOOST_AUTO_TEST_CASE(samplesOfAHistogramHaveEndings) {
    PrometheusText text;
    text.family("h", Type::histogram, "H.");
    text.sample("_bucket", {{"le", "+Inf"}}, std::uint64_t{2});
    text.sample("_sum", {}, 1.25);
    BOOST_TEST(text.text() == "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 1.25\n");
}

BOOST_AUTO_TEST_CASE(numbersAreReadBackTheSame) {
    for (const double number : {0.0, 0.0001, 1e-7, 1'790'000'000.123, 1.0 / 3, 1e300})
        BOOST_TEST(std::stod(PrometheusText::toText(number)) == number);
    BOOST_TEST(PrometheusText::toText(2) == "2");
    BOOST_TEST(PrometheusText::toText(0.0001) == "0.0001");
}

BOOST_AUTO_TEST_CASE(inOpenMetricsACounterIsNamedWithoutItsEndingAndExemplarsAreWritten) {
    const LastExemplar::Value exemplar{
        "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", std::chrono::microseconds(1'500),
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1'790'000'000'123))};
    const auto write = [&](PrometheusText& text) {
        text.family("x_total", Type::counter, "The \"x\".");
        text.sample({}, std::uint64_t{7});
        text.family("h", Type::histogram, "H.");
        text.bucket({"a", "b"}, 1, 2, exemplar);
        text.bucket({"a", "b"}, 2.5, 2, std::nullopt);
        text.bucket({"a", "b"}, std::numeric_limits<double>::infinity(), 2, std::nullopt);
        text.end();
        return text.text();
    };
    PrometheusText open(PrometheusText::Format::openMetrics);
    BOOST_TEST(write(open) ==
               "# HELP x The \\\"x\\\".\n# TYPE x counter\nx_total 7\n# HELP h H.\n# TYPE h histogram\n"
               "h_bucket{a=\"b\",le=\"1.0\"} 2 # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\","
               "span_id=\"00f067aa0ba902b7\"} 0.0015 1790000000.123\n"
               "h_bucket{a=\"b\",le=\"2.5\"} 2\nh_bucket{a=\"b\",le=\"+Inf\"} 2\n# EOF\n");
    PrometheusText plain;
    BOOST_TEST(
        write(plain) ==
        "# HELP x_total The \"x\".\n# TYPE x_total counter\nx_total 7\n# HELP h H.\n# TYPE h histogram\n"
        "h_bucket{a=\"b\",le=\"1\"} 2\nh_bucket{a=\"b\",le=\"2.5\"} 2\nh_bucket{a=\"b\",le=\"+Inf\"} 2\n");
}

BOOST_AUTO_TEST_SUITE_END()
