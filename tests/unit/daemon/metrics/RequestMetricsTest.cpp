#include "changebank/daemon/metrics/RequestMetrics.h"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace changebank;
using namespace changebank::daemon;
using changebank::AccessRecord;
using std::chrono::microseconds;

namespace {

void answer(RequestMetrics& metrics, std::string_view route, int status, microseconds duration) {
    static const Poco::Net::SocketAddress client("127.0.0.1", 1);
    metrics.answered({"GET", "/", status, 0, duration, "id", client, route, {}, {}});
}

std::string textOf(const RequestMetrics& metrics) {
    PrometheusText text;
    metrics.write(text);
    return text.text();
}

bool has(const std::string& text, const std::string& line) {
    return text.find(line + "\n") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(RequestMetricsTest)

BOOST_AUTO_TEST_CASE(requestsAreCountedByRouteAndStatus) {
    RequestMetrics metrics({"/a", "/b"});
    answer(metrics, "/a", 200, microseconds(1));
    answer(metrics, "/a", 200, microseconds(1));
    answer(metrics, "/b", 401, microseconds(1));
    const auto text = textOf(metrics);
    BOOST_TEST(has(text, R"(changebank_http_requests_total{route="/a",status="200"} 2)"));
    BOOST_TEST(has(text, R"(changebank_http_requests_total{route="/b",status="401"} 1)"));
    const auto byStatus = metrics.byStatus();
    BOOST_REQUIRE(byStatus.size() == 2U);
    BOOST_TEST(byStatus[0].status == "200");
    BOOST_TEST(byStatus[0].count == 2U);
}

BOOST_AUTO_TEST_CASE(holdsOfAnEventLoopAreCountedByRoute) {
    RequestMetrics metrics({"/a", "/b"});
    metrics.heldLoop("/a", std::chrono::seconds(1));
    metrics.heldLoop("/a", std::chrono::seconds(2));
    metrics.heldLoop("/unknown", std::chrono::seconds(1));
    const auto text = textOf(metrics);
    BOOST_TEST(has(text, R"(changebank_http_loop_holds_total{route="/a"} 2)"));
    BOOST_TEST(has(text, R"(changebank_http_loop_holds_total{route="/b"} 0)"));
    BOOST_TEST(has(text, R"(changebank_http_loop_holds_total{route="other"} 1)"));
}

BOOST_AUTO_TEST_CASE(aNegativeDurationCountsAsNone) {
    RequestMetrics metrics({"/a"});
    for (const int duration : {-5, 10})
        answer(metrics, "/a", 200, microseconds(duration));
    const auto text = textOf(metrics);
    BOOST_TEST(has(text, R"(changebank_http_request_duration_seconds_sum{route="/a"} 0.00001)"));
    BOOST_TEST(has(text, R"(changebank_http_request_duration_seconds_count{route="/a"} 2)"));
}

BOOST_AUTO_TEST_CASE(durationsFallIntoBuckets) {
    RequestMetrics metrics({"/a"});
    for (const int duration : {0, 100, 101, 2'500'000, 11'000'000})
        answer(metrics, "/a", 200, microseconds(duration));
    const auto text = textOf(metrics);
    const std::string bucket = R"(changebank_http_request_duration_seconds_bucket{route="/a",le=")";
    BOOST_TEST(has(text, bucket + "0.0001\"} 2"));
    BOOST_TEST(has(text, bucket + "0.00025\"} 3"));
    BOOST_TEST(has(text, bucket + "1\"} 3"));
    BOOST_TEST(has(text, bucket + "2.5\"} 4"));
    BOOST_TEST(has(text, bucket + "10\"} 4"));
    BOOST_TEST(has(text, bucket + "+Inf\"} 5"));
    BOOST_TEST(has(text, R"(changebank_http_request_duration_seconds_sum{route="/a"} 13.500201)"));
    BOOST_TEST(has(text, R"(changebank_http_request_duration_seconds_count{route="/a"} 5)"));
}

BOOST_AUTO_TEST_CASE(noCallerMakesItGrow) {
    RequestMetrics metrics({"/a"});
    answer(metrics, "/a", 200, microseconds(1));
    answer(metrics, "other", 299, microseconds(1));
    const auto size = textOf(metrics).size();
    for (int i = 0; i < 1000; ++i)
        answer(metrics, "/x" + std::to_string(i), 600 + i, microseconds(1));
    // Three more digits in each number of the route "other", and not one line.
    BOOST_TEST(textOf(metrics).size() < size + 100);
    BOOST_TEST(has(textOf(metrics), R"(changebank_http_requests_total{route="other",status="other"} 1001)"));
}

BOOST_AUTO_TEST_CASE(nothingIsLostBetweenThreads) {
    RequestMetrics metrics({"/a"});
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 8; ++thread) {
            threads.emplace_back([&metrics] {
                for (int i = 0; i < 10'000; ++i)
                    answer(metrics, "/a", 200, microseconds(3));
            });
        }
    }
    BOOST_TEST(has(textOf(metrics), R"(changebank_http_requests_total{route="/a",status="200"} 80000)"));
}

BOOST_AUTO_TEST_CASE(theLastExportedRequestIsTheExemplarOfItsBucket) {
    RequestMetrics metrics({"/a"});
    const Poco::Net::SocketAddress client("127.0.0.1", 1);
    const AccessRecord record{"GET",
                              "/",
                              200,
                              0,
                              microseconds(70),
                              "id",
                              client,
                              "/a",
                              {},
                              {},
                              "4bf92f3577b34da6a3ce929d0e0e4736",
                              "00f067aa0ba902b7"};
    metrics.answered(record);
    metrics.keepExemplar(record, {});
    PrometheusText text(PrometheusText::Format::openMetrics);
    metrics.write(text);
    BOOST_TEST(has(text.text(),
                   R"(changebank_http_request_duration_seconds_bucket{route="/a",le="0.0001"} 1 # )"
                   R"({trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 0.00007 0)"));
    BOOST_TEST(text.text().find("# {") == text.text().rfind("# {"));
    BOOST_TEST(textOf(metrics).find("trace_id") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
