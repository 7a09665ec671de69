#include "changebank/daemon/tracing/TracedRequest.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/unit/daemon/tracing/TracedRecord.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

const Clock::Wall wall(std::chrono::seconds(1'790'000'000));

std::vector<Span> spansOf(const TracedRecord& traced, bool withSubject = false) {
    const TracedRequest request(traced.record(), wall, withSubject);
    auto spans = request.spans();
    BOOST_TEST(spans.size() == request.spanCount());
    return spans;
}

/// A text or a number, "none" without one.
std::string attribute(const Span& span, std::string_view key) {
    for (const auto& [name, value] : span.attributes) {
        if (name != key) continue;
        if (const auto* text = std::get_if<std::string>(&value)) return *text;
        if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
        return std::get<std::vector<std::string>>(value).at(0);
    }
    return "none";
}

std::int64_t millisecondsBeforeEnd(Span::Time time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Span::Time(wall) - time).count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TracedRequestTest)

BOOST_AUTO_TEST_CASE(aRequestIsASpanWithItsGuardAndItsHandler) {
    const auto spans = spansOf({});
    BOOST_REQUIRE(spans.size() == 3U);
    const auto& server = spans[0];
    BOOST_TEST(server.name == "GET /me");
    BOOST_TEST((server.kind == Span::Kind::server));
    BOOST_TEST(server.spanId == "00f067aa0ba902b7");
    BOOST_TEST(server.parentId == "b7ad6b7169203331");
    BOOST_TEST(!server.hasFailed);
    BOOST_TEST(attribute(server, "http.response.status_code") == "200");
    BOOST_TEST(attribute(server, "url.scheme") == "http");
    BOOST_TEST(attribute(server, "client.address") == "192.0.2.1");
    BOOST_TEST(attribute(server, "client.port") == "4711");
    BOOST_TEST(attribute(server, "http.request.header.x-request-id") == "id-1");
    BOOST_TEST(attribute(server, "error.type") == "none");
    BOOST_TEST(attribute(server, "enduser.id") == "none");
    BOOST_TEST(millisecondsBeforeEnd(server.begin) == 10);
    BOOST_TEST(millisecondsBeforeEnd(server.end) == 0);
    BOOST_TEST(spans[1].name == "guard");
    BOOST_TEST(millisecondsBeforeEnd(spans[1].begin) == 9);
    BOOST_TEST(millisecondsBeforeEnd(spans[1].end) == 6);
    BOOST_TEST(spans[2].name == "handler");
    BOOST_TEST(millisecondsBeforeEnd(spans[2].begin) == 5);
    BOOST_TEST(millisecondsBeforeEnd(spans[2].end) == 1);
    for (const auto place : {1U, 2U}) {
        BOOST_TEST(spans[place].traceId == server.traceId);
        BOOST_TEST(spans[place].parentId == server.spanId);
        BOOST_TEST((spans[place].kind == Span::Kind::internal));
    }
    BOOST_TEST(spans[1].spanId != spans[2].spanId);
    BOOST_TEST(attribute(spansOf({}, true)[0], "enduser.id") == "sub-1");
}

BOOST_AUTO_TEST_CASE(aRefusalIsTheGuards) {
    TracedRecord refused;
    refused.status = 403;
    refused.denial = "role_missing";
    auto spans = spansOf(refused);
    BOOST_REQUIRE(spans.size() == 2U);
    for (const auto& span : spans) {
        BOOST_TEST(attribute(span, "error.type") == "role_missing");
        BOOST_TEST(!span.hasFailed);
    }
    refused.status = 503;
    spans = spansOf(refused);
    BOOST_REQUIRE(spans.size() == 2U);
    for (const auto& span : spans)
        BOOST_TEST(span.hasFailed);
}

BOOST_AUTO_TEST_CASE(aFailureIsTheHandlers) {
    TracedRecord failed;
    failed.status = 500;
    const auto spans = spansOf(failed);
    BOOST_REQUIRE(spans.size() == 3U);
    BOOST_TEST(spans[0].hasFailed);
    BOOST_TEST(attribute(spans[0], "error.type") == "500");
    BOOST_TEST(!spans[1].hasFailed);
    BOOST_TEST(spans[2].hasFailed);
}

BOOST_AUTO_TEST_CASE(withoutGuardHandlerOrPortThereAreNone) {
    TracedRecord open;
    open.trace.isGuarded = false;
    open.trace.handled = {};
    open.client = Poco::Net::SocketAddress("192.0.2.1", 0);
    open.trace.parentId = {};
    open.trace.isSecure = true;
    const auto spans = spansOf(open);
    BOOST_REQUIRE(spans.size() == 1U);
    BOOST_TEST(spans[0].parentId == "");
    BOOST_TEST(attribute(spans[0], "client.port") == "none");
    BOOST_TEST(attribute(spans[0], "url.scheme") == "https");
}

BOOST_AUTO_TEST_CASE(whatACallerMakesUpIsNeitherANameNorLong) {
    TracedRecord odd;
    const std::string path(5'000, 'p');
    odd.path = path;
    auto record = odd.record();
    record.method = "BREW";
    record.route = "unmatched";
    const auto server = TracedRequest(record, wall, false).spans().at(0);
    BOOST_TEST(server.name == "HTTP");
    BOOST_TEST(attribute(server, "http.request.method") == "_OTHER");
    BOOST_TEST(attribute(server, "http.request.method_original") == "BREW");
    BOOST_TEST(attribute(server, "http.route") == "none");
    BOOST_TEST(attribute(server, "url.path").size() == TracedRequest::maxPath);
}

BOOST_AUTO_TEST_SUITE_END()
