#include "changebank/daemon/admin/DenialsReport.h"

#include <boost/test/unit_test.hpp>

#include "changebank/base/text/Json.h"

using namespace changebank;
using namespace changebank::daemon;

namespace {

std::string outcomeOf(const std::string& query) {
    const auto parsed = DenialsFilter::parse(query);
    if (const auto* bad = std::get_if<BadValue>(&parsed)) return bad->why;
    const auto& filter = std::get<DenialsFilter>(parsed);
    return std::to_string(filter.after) + " " + std::to_string(filter.limit);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DenialsReportTest)

BOOST_AUTO_TEST_CASE(theQueryHasLimits) {
    BOOST_TEST(outcomeOf("") == "0 100");
    BOOST_TEST(outcomeOf("after=17&limit=1000&else=1") == "17 1000");
    BOOST_TEST(outcomeOf("after=9223372036854775807") == "9223372036854775807 100");
    for (const auto* query : {"limit=0", "limit=1001", "limit=", "limit=ten"})
        BOOST_TEST(outcomeOf(query).find("limit: ") == 0U, query);
    for (const auto* query : {"after=-1", "after=9223372036854775808", "after=x"})
        BOOST_TEST(outcomeOf(query).find("after: ") == 0U, query);
    BOOST_TEST(outcomeOf("after=1&after=2") == "after is repeated");
}

BOOST_AUTO_TEST_CASE(theReportIsJsonWhateverTheTextIs) {
    Denial denial{};
    denial.sequence = 3;
    denial.time =
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1'790'000'000'125));
    denial.cause = security::Cause::claimUnexpected;
    denial.parameter.set("aud");
    denial.method.set("GET");
    denial.path.set("/a\"\n\x1b[31m\xFF\u202E");
    denial.found.set("x");
    const auto text =
        denialsReport({{denial}, 5}, std::chrono::system_clock::time_point(std::chrono::seconds(1)));
    BOOST_TEST(
        text ==
        R"({"startedAt":"1970-01-01T00:00:01.000Z","last":5,"denials":[{"sequence":3,)"
        R"("time":"2026-09-21T14:13:20.125Z","status":401,"cause":"claim_unexpected",)"
        R"("code":"ERR_JWT_CLAIM_VALIDATION_FAILED","parameter":"aud","method":"GET",)"
        "\"path\":\"/a\\\"\\n\\u001B[31m\xEF\xBF\xBD\\u202e\","
        R"("route":null,"requestId":null,"traceId":null,"subject":null,"client":null,"expected":null,"found":"x"}]})");
    BOOST_TEST(Json::parse(text).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
