#include "changebank/daemon/control/live/MetricSamples.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

using namespace changebank::daemon;

namespace {

using Values = std::map<std::string, double>;

std::string textOf(const Values& values) {
    std::string text;
    for (const auto& [name, value] : values)
        text += name + "=" + std::to_string(std::lround(value)) + " ";
    return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(MetricSamplesTest)

BOOST_AUTO_TEST_CASE(samplesAreSummedByALabel) {
    const auto samples = MetricSamples::parse(
        "# HELP a_total Text {with=\"braces\"} 7\n# TYPE a_total counter\n"
        "a_total{route=\"/x\",status=\"200\"} 5\na_total{route=\"/y\",status=\"200\"} 2\n"
        "a_total{route=\"/y\",status=\"401\"} 1e1\nb 3\nb_total{x=\"a\\\"b\\\\c\\nd,}\"} 4");
    BOOST_TEST(textOf(samples.by("a_total", "status")) == "200=7 401=10 ");
    BOOST_TEST(textOf(samples.by("a_total", "status", {"route", "/y"})) == "200=2 401=10 ");
    BOOST_TEST(textOf(samples.by("a_total", "other")) == "");
    BOOST_TEST(textOf(samples.by("a", "status")) == "");
    BOOST_TEST(samples.sum("a_total") == 17);
    BOOST_TEST(samples.sum("b") == 3);
    BOOST_TEST(textOf(samples.by("b_total", "x")) == "a\"b\\c\nd,}=4 ");
}

BOOST_AUTO_TEST_CASE(whatCannotBeReadIsLeftOut) {
    for (const auto* text : {"", "\n\n", "a", "a ", "a x", "a{", "a{} ", "a{x} 1", "a{x=\"1\" 1",
                             "a{x=\"1\"}1", "a{x=\"1\\", " 1", "a 1 2"})
        BOOST_TEST(MetricSamples::parse(text).sum("a") == 0, text);
    BOOST_TEST(MetricSamples::parse("a x\na 2\n").sum("a") == 2);
}

BOOST_AUTO_TEST_CASE(aCounterGrowsFromZero) {
    BOOST_TEST(textOf(growth({{"a", 1}, {"b", 5}}, {{"a", 4}, {"b", 2}, {"c", 3}})) == "a=3 b=0 c=3 ");
}

BOOST_AUTO_TEST_CASE(quantilesAreInterpolatedWithinTheirBucket) {
    const Values buckets{{"0.1", 10}, {"0.5", 20}, {"1", 20}, {"+Inf", 20}};
    BOOST_TEST(quantile(0.5, buckets) == 0.1, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(quantile(0.25, buckets) == 0.05, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(quantile(0.75, buckets) == 0.3, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(quantile(1, buckets) == 0.5, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(std::isinf(quantile(0.99, {{"0.1", 10}, {"+Inf", 20}})));
    BOOST_TEST(std::isnan(quantile(0.5, {})));
    BOOST_TEST(std::isnan(quantile(0.5, {{"0.1", 0}, {"+Inf", 0}})));
    // Bounds are numbers, not text: 10 is above 2.5.
    BOOST_TEST(quantile(0.5, {{"10", 4}, {"2.5", 2}, {"+Inf", 4}}) == 2.5,
               boost::test_tools::tolerance(1e-9));
}

BOOST_AUTO_TEST_SUITE_END()
