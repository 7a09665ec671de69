#include "changebank/daemon/logging/AuditLog.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "changebank/base/text/Json.h"
#include "tests/support/ManualClock.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/RecordingLog.h"
#include "tests/unit/daemon/logging/FakeJournal.h"
#include "tests/unit/daemon/logging/JournalLog.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::Json;
using changebank::handlers::FakeRequest;
using changebank::security::Principal;
using changebank::tests::ManualClock;
using changebank::tests::TemporaryFolder;
using Event = changebank::security::AuditTrail::Event;

namespace {

struct Fixture {
    const TemporaryFolder folder;
    ManualClock clock{ManualClock::Wall(std::chrono::seconds(1'790'000'000))};
    AuditLog log{clock};
    FakeRequest request{"POST", "/panic?secret=sesame"};
    Principal principal{
        "eve\n2026 panic subject \"tina\"", {"customer", "x\"y"}, "tenant", "jti", "{}", "http://i"};

    Fixture() {
        request.set("X-Request-Id", "id-1");
        request.set("Authorization", "Bearer sesame");
    }

    std::string fileText() const {
        std::ifstream file(folder.file("audit"));
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(AuditLogTest, Fixture)

BOOST_AUTO_TEST_CASE(aLineSaysWhoWhenWhatAndFromWhereAndCannotBeForged) {
    const RecordingLog recording(Poco::Message::PRIO_FATAL);
    BOOST_TEST(log.record(Event::panic, request, principal));
    BOOST_TEST(
        recording.text() ==
        R"(5 event "panic" subject "eve\u000a2026 panic subject \"tina\"" roles ["customer","x\"y"] )"
        R"(tenant "tenant" issuer "http://i" token "jti" method "POST" path "/panic" client "127.0.0.1:3000" id "id-1")"
        "\n");
    BOOST_TEST(recording.text().find("sesame") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusedRolesAreRecordedUpToTheLimitOfTheirSubject) {
    log.limitRefusals(2);
    const auto admitted = [this](const std::string& subject, const std::string& tenant) {
        const auto event = log.admitRefusal(Principal{subject, {}, tenant, {}, {}});
        return event ? std::string(nameOf(*event)) : "none";
    };
    BOOST_TEST(admitted("eve", "t1") == "role_refused");
    BOOST_TEST(admitted("eve", "t1") == "role_refused");
    BOOST_TEST(admitted("eve", "t1") == "role_refusals_limited");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(admitted("eve", "t1") == "none");
    BOOST_TEST(log.skipped() == 3U);
    // Others, also of the same name in another tenant, have limits of their own.
    BOOST_TEST(admitted("mallory", "t1") == "role_refused");
    BOOST_TEST(admitted("eve", "t2") == "role_refused");
    clock.advance(std::chrono::minutes(1));
    BOOST_TEST(admitted("eve", "t1") == "role_refused");
}

BOOST_AUTO_TEST_CASE(inAFileTheLineBeginsWithItsTime) {
    log.use(std::make_shared<AuditFile>(folder.file("audit")));
    BOOST_TEST(log.record(Event::roleRefused, request, principal));
    BOOST_TEST(fileText().find("2026-09-21T14:13:20.000Z event \"role_refused\" subject ") == 0U);
    BOOST_TEST(fileText().back() == '\n');
    BOOST_TEST(log.recorded(Event::roleRefused) == 1U);
    BOOST_TEST(log.recorded(Event::panic) == 0U);
    BOOST_TEST(log.failed(Event::roleRefused) == 0U);
}

BOOST_AUTO_TEST_CASE(withJsonTheLineIsAnObject) {
    const RecordingLog recording(Poco::Message::PRIO_FATAL, true);
    log.use(std::make_shared<AuditFile>(folder.file("audit")));
    BOOST_TEST(log.record(Event::panic, request, principal));
    const auto text = fileText();
    const auto line = Json::parse(text.substr(0, text.find('\n')));
    BOOST_REQUIRE(line);
    BOOST_TEST(*line->find("event")->string() == "panic");
    BOOST_TEST(*line->find("subject")->string() == principal.subject);
    BOOST_TEST(line->find("roles")->array()->size() == 2U);
    BOOST_TEST(*line->find("time")->string() == "2026-09-21T14:13:20.000Z");
    BOOST_TEST(*line->find("client")->string() == "127.0.0.1:3000");
    BOOST_TEST(*line->find("id")->string() == "id-1");
}

BOOST_AUTO_TEST_CASE(aRevocationSaysWhatWhyAndByWhomAndCannotBeForged) {
    const RecordingLog recording(Poco::Message::PRIO_FATAL);
    const security::Revocation revocation{
        .user = "eve\n\"", .application = "app", .issuedUpTo = 1'790'000'000, .reason = "lost\nphone"};
    BOOST_TEST(log.recordRevocation(revocation, "event\n1", "uid 0 pid 7"));
    BOOST_TEST(recording.text() ==
               R"(5 event "revoked" session "" user "eve\u000a\"" application "app" tenant "" )"
               R"(issuedUpTo "2026-09-21T14:13:20Z" reason "lost\u000aphone" eventId "event\u000a1" )"
               R"(client "uid 0 pid 7")"
               "\n");
    BOOST_TEST(log.recordedRevocations() == 1U);
    BOOST_TEST(log.failedRevocations() == 0U);
    BOOST_TEST(log.recorded(Event::panic) == 0U);
}

BOOST_AUTO_TEST_CASE(aRevocationInAFileIsAnObjectWithItsTime) {
    const RecordingLog recording(Poco::Message::PRIO_FATAL, true);
    log.use(std::make_shared<AuditFile>(folder.file("audit")));
    BOOST_TEST(log.recordRevocation({.session = "s", .issuedUpTo = 1'790'000'000}, "", "c"));
    BOOST_TEST(
        fileText() ==
        R"({"time":"2026-09-21T14:13:20.000Z","event":"revoked","session":"s","user":"","application":"",)"
        R"("tenant":"","issuedUpTo":"2026-09-21T14:13:20Z","reason":"","eventId":"","client":"c"})"
        "\n");
}

BOOST_AUTO_TEST_CASE(whatCannotBeWrittenIsToldAndCounted) {
    RecordingLog recording(Poco::Message::PRIO_TRACE);
    log.use(std::make_shared<AuditFile>("/dev/full"));
    BOOST_TEST(!log.record(Event::panic, request, principal));
    BOOST_TEST(recording.text().find("2 cannot write the audit log: ") == 0U);
    BOOST_TEST(!log.recordRevocation({.user = "u"}, "", ""));
    BOOST_TEST(log.failedRevocations() == 1U);
    BOOST_TEST(log.recordedRevocations() == 0U);
    log.use(nullptr);
    recording.failFromNowOn();
    BOOST_TEST(!log.record(Event::roleRefused, request, principal));
    BOOST_TEST(log.failed(Event::panic) == 1U);
    BOOST_TEST(log.failed(Event::roleRefused) == 1U);
    BOOST_TEST(log.recorded(Event::panic) == 0U);
}

BOOST_AUTO_TEST_CASE(inTheJournalEachMemberIsAField) {
    FakeJournal journal;
    const JournalLog entries(journal);
    BOOST_TEST(log.record(Event::panic, request, principal));
    auto fields = journal.take();
    BOOST_TEST(fields["MESSAGE"].front().starts_with("audit: event \"panic\" subject \"eve\\u000a2026"));
    fields.erase("MESSAGE");
    const JournalFields expected{{"PRIORITY", {"5"}},
                                 {"SYSLOG_IDENTIFIER", {"changebankd"}},
                                 {"EVENT", {"panic"}},
                                 {"SUBJECT", {"eve\n2026 panic subject \"tina\""}},
                                 {"ROLES", {"customer", "x\"y"}},
                                 {"TENANT", {"tenant"}},
                                 {"ISSUER", {"http://i"}},
                                 {"TOKEN", {"jti"}},
                                 {"METHOD", {"POST"}},
                                 {"PATH", {"/panic"}},
                                 {"CLIENT", {"127.0.0.1:3000"}},
                                 {"REQUEST_ID", {"id-1"}}};
    BOOST_TEST((fields == expected));
}

BOOST_AUTO_TEST_CASE(inTheJournalARevocationHasItsFields) {
    FakeJournal journal;
    const JournalLog entries(journal);
    security::Revocation revocation{};
    revocation.user = "eve";
    revocation.issuedUpTo = 1'790'000'000;
    revocation.reason = "left";
    BOOST_TEST(log.recordRevocation(revocation, "event-1", "192.0.2.1"));
    auto fields = journal.take();
    fields.erase("MESSAGE");
    const JournalFields expected{{"PRIORITY", {"5"}},
                                 {"SYSLOG_IDENTIFIER", {"changebankd"}},
                                 {"EVENT", {"revoked"}},
                                 {"USER", {"eve"}},
                                 {"ISSUED_UP_TO", {"2026-09-21T14:13:20Z"}},
                                 {"REASON", {"left"}},
                                 {"EVENT_ID", {"event-1"}},
                                 {"CLIENT", {"192.0.2.1"}}};
    BOOST_TEST((fields == expected));
}

BOOST_AUTO_TEST_CASE(withoutTheJournalAPanicIsNotRecorded) {
    FakeJournal journal;
    const JournalLog entries(journal);
    journal.stop();
    BOOST_TEST(!log.record(Event::panic, request, principal));
    BOOST_TEST(log.failed(Event::panic) == 1U);
}

BOOST_AUTO_TEST_CASE(thePlaceInATraceIsInTheLine) {
    handlers::ContextFakeRequest traced("POST", "/panic");
    traced.trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    traced.span = "00f067aa0ba902b7";
    {
        const RecordingLog recording(Poco::Message::PRIO_FATAL);
        BOOST_TEST(log.record(Event::panic, traced, principal));
        BOOST_TEST(recording.text().find(
                       R"( trace_id "4bf92f3577b34da6a3ce929d0e0e4736" span_id "00f067aa0ba902b7")") !=
                   std::string::npos);
    }
    FakeJournal journal;
    const JournalLog output(journal);
    BOOST_TEST(log.record(Event::panic, traced, principal));
    const auto fields = journal.take();
    BOOST_TEST((fields.at("TRACE_ID") == std::vector<std::string>{traced.trace}));
    BOOST_TEST((fields.at("SPAN_ID") == std::vector<std::string>{traced.span}));
}

BOOST_AUTO_TEST_SUITE_END()
