#include "changebank/daemon/control/live/TopView.h"
#include "tests/support/Contains.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::has;

namespace {

TopSnapshot snapshotOf(const std::string& status, const std::string& metrics, double seconds) {
    return {Json::parse(status).value(), MetricSamples::parse(metrics), seconds};
}

std::string statusOf(const std::string& denials, const std::string& more = {}) {
    return R"({"version":"1.2.3","pid":17,"state":"serving","startedAt":"A","uptimeSeconds":100,
        "connections":{"open":3,"byState":{"idle":2,"handling":1}},"denials":{)" +
           denials + R"(},"tokenCache":{"entries":8,"capacity":10},
        "keys":{"name":"default","usable":true,"keys":[{}],"skipped":[],"ageSeconds":61,"nextRefreshSeconds":59})" +
           more + "}";
}

TopSnapshot first() {
    return snapshotOf(statusOf(R"("expired":2,"missing_token":900)"),
                      "changebank_http_requests_total{route=\"/a\",status=\"200\"} 100\n"
                      "changebank_http_request_duration_seconds_bucket{route=\"/a\",le=\"0.001\"} 50\n"
                      "changebank_http_request_duration_seconds_bucket{route=\"/a\",le=\"+Inf\"} 50\n"
                      "changebank_token_cache_hits_total 10\nchangebank_token_cache_misses_total 10\n",
                      1'000);
}

TopSnapshot second(const std::string& more = {}) {
    return snapshotOf(statusOf(R"("expired":6,"missing_token":900)", more),
                      "changebank_http_requests_total{route=\"/a\",status=\"200\"} 110\n"
                      "changebank_http_requests_total{route=\"/b\",status=\"200\"} 10\n"
                      "changebank_http_requests_total{route=\"/b\",status=\"503\"} 1\n"
                      "changebank_http_request_duration_seconds_bucket{route=\"/a\",le=\"0.001\"} 60\n"
                      "changebank_http_request_duration_seconds_bucket{route=\"/a\",le=\"+Inf\"} 60\n"
                      "changebank_http_connections_accepted_total 4\n"
                      "changebank_token_cache_hits_total 13\nchangebank_token_cache_misses_total 11\n"
                      "changebank_jwks_fetches_total{issuer=\"default\",outcome=\"failed\"} 7\n"
                      "changebank_decisions_total{rule=\"3\",status=\"200\"} 20\n"
                      "changebank_decisions_total{rule=\"3\",status=\"403\"} 2\n"
                      "changebank_decisions_total{rule=\"0\",status=\"403\"} 6\n",
                      1'002);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(TopViewTest)

BOOST_AUTO_TEST_CASE(ratesAreThoseBetweenTwoSnapshots) {
    const auto before = first();
    BOOST_TEST(topView(&before, second(), {}, false) ==
               "changebankd   1.2.3, process 17, serving for 1 min 40 s; rates of the last 2.0 s\n"
               "\n"
               "requests      10.5/s  200 10.0/s  503 0.5/s\n"
               "latency       p50 0.50 ms  p90 0.90 ms  p99 0.99 ms  p99.9 1.00 ms\n"
               "connections   3 open (idle 2, handling 1)  2.0/s accepted  0.0/s refused\n"
               "token cache   75.0 % hits of 2.0/s  8 of 10 entries\n"
               "keys          1 usable, 1 min 1 s old  next in 59 s  7 fetches failed\n"
               "\n"
               "DENIALS                                     RATE         TOTAL\n"
               "expired                                    2.0/s             6\n"
               "missing_token                              0.0/s           900\n");
}

BOOST_AUTO_TEST_CASE(theFirstTableIsThatSinceTheStart) {
    const auto text = topView(nullptr, second(), {}, false);
    BOOST_TEST(has(text, "; rates since the start\n"), text);
    BOOST_TEST(has(text, "requests      1.2/s  200 1.2/s"), text);
    // So is the one after a restart.
    const auto before = snapshotOf(R"({"pid":16,"startedAt":"A"})", "", 1'000);
    BOOST_TEST(topView(&before, second(), {}, false) == text);
}

BOOST_AUTO_TEST_CASE(decisionsAreThereIfThereAreRules) {
    const auto before = first();
    BOOST_TEST(!has(topView(&before, second(R"(,"decisions":null)"), {}, false), "decisions"));
    const auto text = topView(&before, second(R"(,"decisions":{"rules":2})"), {}, false);
    BOOST_TEST(has(text, "decisions     14.0/s  200 10.0/s  403 4.0/s\n"), text);
    BOOST_TEST(has(text,
                   "\nDECISIONS\n"
                   "rule 3        11.0/s  200 10.0/s  403 1.0/s\n"
                   "no rule       3.0/s  403 3.0/s\n"),
               text);
}

BOOST_AUTO_TEST_CASE(eightyColumnsAndTwentyFourRowsSuffice) {
    std::string denials;
    std::string decisions;
    for (int i = 0; i < 40; ++i) {
        const auto number = std::to_string(i);
        denials += (i == 0 ? "\"c" : ",\"c") + number + "\":" + number;
        decisions += "changebank_decisions_total{rule=\"" + number + "\",status=\"200\"} 9\n";
    }
    const auto now = snapshotOf(statusOf(denials, R"(,"decisions":{"rules":40})"), decisions, 5);
    const auto rowsOf = [&](ScreenSize size) {
        const auto text = topView(nullptr, now, size, false);
        return std::count(text.begin(), text.end(), '\n');
    };
    BOOST_TEST(rowsOf({80, 24}) <= 23);
    BOOST_TEST(rowsOf({80, 10}) == rowsOf({80, 24}));
    BOOST_TEST(rowsOf({80, 50}) == rowsOf({80, 24}) + 26);
}

BOOST_AUTO_TEST_CASE(coloursAreThereIfWanted) {
    const auto before = first();
    BOOST_TEST(!has(topView(&before, second(), {}, false), "\x1b"));
    const auto text = topView(&before, second(), {}, true);
    BOOST_TEST(has(text, "\x1b[1mrequests      \x1b[0m10.5/s  200 10.0/s  \x1b[31m503 0.5/s\x1b[0m\n"), text);
}

BOOST_AUTO_TEST_CASE(keysThatCannotBeFetchedAreSaid) {
    const auto now = snapshotOf(
        R"({"keys":{"usable":false,"lastError":"no\nroute","others":[{"name":"b","usable":true}]}})", "", 5);
    const auto text = topView(nullptr, now, {}, true);
    BOOST_TEST(has(text, "\x1b[31mnone: every token is answered with 503\x1b[0m"), text);
    BOOST_TEST(has(text, "\x1b[31mlast error: no\\u000aroute\x1b[0m"), text);
    BOOST_TEST(has(text, "keys: b"), text);
}

BOOST_AUTO_TEST_CASE(anAnswerWithoutItsMembersIsNoCrash) {
    for (const auto* text : {"{}", "[]", "null", R"({"keys":7,"denials":{"a":"b"},"decisions":7})"}) {
        const auto odd = snapshotOf(text, "changebank_decisions_total{rule=\"x\"} nan\n", 0);
        BOOST_CHECK_NO_THROW(topView(nullptr, odd, {}, true));
        BOOST_CHECK_NO_THROW(topView(&odd, odd, {0, 0}, true));
    }
}

BOOST_AUTO_TEST_SUITE_END()
