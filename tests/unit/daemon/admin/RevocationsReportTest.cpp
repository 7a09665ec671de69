#include "changebank/daemon/admin/RevocationsReport.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

#include "changebank/base/text/JsonText.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;
using changebank::security::Revocation;
using Outcome = Revocations::Outcome;

namespace {

struct Fixture {
    const Revocation revocation{.user = "u\n\"", .issuedUpTo = 1'790'000'000, .reason = "test"};
    Revocations::Status status;

    Fixture() {
        status.isOn = true;
        status.list.entries = 3;
        status.list.capacity = 100;
    }

    handlers::Response answer(Outcome outcome, const std::string& why = {},
                              std::optional<bool> isAudited = std::nullopt) const {
        return revocationResponse({outcome, why}, revocation, status, isAudited);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(RevocationsReportTest, Fixture)

BOOST_AUTO_TEST_CASE(theListHasTheIdsThatThereAre) {
    const std::vector<Revocation> listed{revocation,
                                         {.application = "a", .tenant = "t", .issuedUpTo = 1, .reason = ""}};
    BOOST_TEST(
        revocationsReport(listed, 7) ==
        R"({"revocations":[{"user":"u\n\"","issuedUpTo":"2026-09-21T14:13:20Z","reason":"test"},)"
        R"({"application":"a","tenant":"t","issuedUpTo":"1970-01-01T00:00:01Z","reason":""}],"total":7})");
    BOOST_TEST(revocationsReport({}, 0) == R"({"revocations":[],"total":0})");
}

BOOST_AUTO_TEST_CASE(theStatusHasFileAndRedis) {
    status.file = "/f";
    BOOST_TEST(textOf(revocationObject(status)) ==
               R"({"entries":3,"capacity":100,"file":"/f","fileFailure":"","redis":null,"available":true})");
    status.isAvailable = false;
    status.streamAddress = "redis://h:6379";
    auto& stream = status.stream.emplace();
    stream.lastUpToDate = Clock::Wall(1'790'000'000s);
    stream.failure = "refused";
    stream.publishFailure = "OOM";
    status.fileFailure = "full";
    stream.unpublished = 2;
    BOOST_TEST(
        textOf(revocationObject(status)) ==
        R"({"entries":3,"capacity":100,"file":"/f","fileFailure":"full","redis":{"address":"redis://h:6379",)"
        R"("upToDate":false,"lastUpToDate":"2026-09-21T14:13:20Z","failure":"refused","publishFailure":"OOM",)"
        R"("unpublished":2},"available":false})");
    stream.lastUpToDate.reset();
    BOOST_TEST(textOf(revocationObject(status)).find(R"("lastUpToDate":null)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aRevocationIsAnsweredWithWhatItIsAndWhoHasIt) {
    const auto kept = answer(Outcome::kept, {}, true);
    BOOST_TEST(kept.status == 200);
    BOOST_TEST(kept.body ==
               R"({"outcome":"kept","revocation":{"user":"u\n\"","issuedUpTo":"2026-09-21T14:13:20Z",)"
               R"("reason":"test"},"shared":null,"audited":true})");
    status.stream.emplace();
    BOOST_TEST(answer(Outcome::kept, {}, false).body.find(R"("shared":true,"audited":false)") !=
               std::string::npos);
    status.stream->unpublished = 1;
    const auto unchanged = answer(Outcome::unchanged);
    BOOST_TEST(unchanged.status == 200);
    BOOST_TEST(unchanged.body.find(R"({"outcome":"unchanged",)") == 0U);
    BOOST_TEST(unchanged.body.find(R"("shared":false,"audited":null)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(whatWasNotRevokedIsAnErrorThatSaysWhatToDo) {
    const auto full = answer(Outcome::full);
    BOOST_TEST(full.status == 503);
    BOOST_TEST(
        full.body ==
        R"({"error":"not revoked: there are 100 revocations already; raise revocation.entries and reload )"
        R"(the settings"})");
    const auto notWritten = answer(Outcome::notWritten, "/f: No space left on device");
    BOOST_TEST(notWritten.status == 503);
    BOOST_TEST(notWritten.body == R"({"error":"not revoked: /f: No space left on device"})");
    const auto off = answer(Outcome::off);
    BOOST_TEST(off.status == 409);
    BOOST_TEST(off.body == revocationIsOff().body);
    BOOST_TEST(off.body.find("set revocation.file, revocation.redis or both") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
