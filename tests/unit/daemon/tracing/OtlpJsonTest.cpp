#include "changebank/daemon/tracing/OtlpJson.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Json.h"

using namespace changebank;
using namespace changebank::daemon;

BOOST_AUTO_TEST_SUITE(OtlpJsonTest)

BOOST_AUTO_TEST_CASE(spansAreAsInOpentelemetryProto) {
    Span span{.traceId = "4bf92f3577b34da6a3ce929d0e0e4736",
              .spanId = "00f067aa0ba902b7",
              .name = "GET \"x\"",
              .kind = Span::Kind::server,
              .begin = Span::Time(std::chrono::nanoseconds(1'790'000'000'000'000'001)),
              .end = Span::Time(std::chrono::nanoseconds(1'790'000'000'000'000'002)),
              .attributes = {{"n", std::int64_t{200}}, {"l", std::vector<std::string>{"a", "b"}}},
              .hasFailed = true};
    Span child{
        .traceId = span.traceId, .spanId = "b7ad6b7169203331", .parentId = span.spanId, .name = "guard"};
    const auto json = otlpJson({span, child}, {{"service.name", std::string("bank\n\xff")}}, "1.2.3");
    BOOST_TEST(Json::parse(json).has_value());
    BOOST_TEST(
        json ==
        R"({"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"bank\u000a)"
        "\xef\xbf\xbd"
        R"("}}]},"scopeSpans":[{"scope":{"name":"changebank","version":"1.2.3"},"spans":[)"
        R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","name":"GET \"x\"","kind":2,)"
        R"("startTimeUnixNano":"1790000000000000001","endTimeUnixNano":"1790000000000000002",)"
        R"("attributes":[{"key":"n","value":{"intValue":"200"}},)"
        R"({"key":"l","value":{"arrayValue":{"values":[{"stringValue":"a"},{"stringValue":"b"}]}}}],)"
        R"("status":{"code":2}},)"
        R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"b7ad6b7169203331",)"
        R"("parentSpanId":"00f067aa0ba902b7","name":"guard","kind":1,"startTimeUnixNano":"0",)"
        R"("endTimeUnixNano":"0","attributes":[],"status":{}}]}]}]})");
}

BOOST_AUTO_TEST_SUITE_END()
