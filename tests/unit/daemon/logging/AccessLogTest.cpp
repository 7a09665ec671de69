#include "changebank/daemon/logging/AccessLog.h"

#include <Poco/Net/SocketAddress.h>

#include <boost/test/unit_test.hpp>

#include "tests/unit/daemon/RecordingLog.h"
#include "tests/unit/daemon/logging/FakeJournal.h"
#include "tests/unit/daemon/logging/JournalLog.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace std::chrono_literals;

namespace {

const Poco::Net::SocketAddress client("192.0.2.1", 40000);

AccessRecord record(std::chrono::microseconds duration = 1'500us) {
    return {"GET", "/me", 200, 321, duration, "id-1", client, {}, {}, {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(AccessLogTest)

BOOST_AUTO_TEST_CASE(anAnsweredRequestIsALine) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog(true).answered(record());
    BOOST_TEST(recording.text() ==
               "6 request \"GET\" \"/me\" status 200 bytes 321 ms 1.500 id \"id-1\" from 192.0.2.1:40000\n");
}

BOOST_AUTO_TEST_CASE(whatIsKnownOfARequestIsInItsLineAndEscaped) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    auto refused = record();
    refused.path = "/\n";
    refused.route = "/panic";
    refused.subject = "eve\"";
    refused.denial = "role_missing";
    AccessLog(true).answered(refused);
    BOOST_TEST(recording.text() ==
               "6 request \"GET\" \"/\\u000a\" route \"/panic\" status 200 bytes 321 ms 1.500 subject "
               "\"eve\\\"\" refused role_missing id \"id-1\" from 192.0.2.1:40000\n");
}

BOOST_AUTO_TEST_CASE(theFractionOfAMillisecondHasThreeDigits) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog log(true);
    for (const auto duration : {7us, 1'070us, 12'000us})
        log.answered(record(duration));
    for (const char* milliseconds : {" ms 0.007 ", " ms 1.070 ", " ms 12.000 "})
        BOOST_TEST(recording.text().find(milliseconds) != std::string::npos, milliseconds);
}

BOOST_AUTO_TEST_CASE(itWritesOnlyWhileItIsOn) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog log(false);
    log.answered(record());
    BOOST_TEST(recording.text().empty());
    log.enable(true);
    log.answered(record());
    BOOST_TEST(!recording.text().empty());
}

BOOST_AUTO_TEST_CASE(aProbeIsLeftOutUnlessItFails) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog log(true);
    auto probe = record();
    for (const int status : {200, 304, 399}) {
        probe.status = status;
        log.answeredProbe(probe);
    }
    BOOST_TEST(recording.text().empty(), recording.text());
    for (const int status : {400, 503}) {
        probe.status = status;
        log.answeredProbe(probe);
        BOOST_TEST(recording.text().find(" status " + std::to_string(status)) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(aProbeIsWrittenWhereItIsAsked) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog log(true);
    log.logProbes(true);
    log.answeredProbe(record());
    BOOST_TEST(recording.text().find("status 200") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(aProbeThatFailsIsWrittenOnlyWhileTheLogIsOn) {
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog log(false);
    log.logProbes(true);
    auto probe = record();
    probe.status = 503;
    log.answeredProbe(probe);
    BOOST_TEST(recording.text().empty());
}

BOOST_AUTO_TEST_CASE(aLevelAboveInformationLeavesItOut) {
    const RecordingLog recording(Poco::Message::PRIO_NOTICE);
    AccessLog(true).answered(record());
    BOOST_TEST(recording.text().empty());
}

BOOST_AUTO_TEST_CASE(aLogThatFailsHarmsNobody) {
    RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    recording.failFromNowOn();
    BOOST_CHECK_NO_THROW(AccessLog(true).answered(record()));
}

BOOST_AUTO_TEST_CASE(aClientWithoutAPortIsWrittenWithoutOne) {
    const Poco::Net::SocketAddress named("2001:db8::1", 0);
    const AccessRecord answered{"GET", "/me", 200, 321, 1'500us, "id-1", named, {}, {}, {}};
    const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
    AccessLog(true).answered(answered);
    BOOST_TEST(recording.text().find(" from 2001:db8::1\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(inTheJournalWhatIsKnownOfARequestAreFields) {
    FakeJournal journal;
    const JournalLog log(journal);
    auto refused = record();
    refused.path = "/\nSTATUS=200";
    refused.route = "/panic";
    refused.status = 403;
    refused.subject = "eve\"";
    refused.denial = "role_missing";
    AccessLog(true).answered(refused);
    const JournalFields expected{{"MESSAGE",
                                  {"access: request \"GET\" \"/\\u000aSTATUS=200\" route \"/panic\" status "
                                   "403 bytes 321 ms 1.500 subject "
                                   "\"eve\\\"\" refused role_missing id \"id-1\" from 192.0.2.1:40000"}},
                                 {"PRIORITY", {"6"}},
                                 {"SYSLOG_IDENTIFIER", {"changebankd"}},
                                 {"METHOD", {"GET"}},
                                 {"PATH", {"/\nSTATUS=200"}},
                                 {"ROUTE", {"/panic"}},
                                 {"STATUS", {"403"}},
                                 {"SUBJECT", {"eve\""}},
                                 {"REFUSED", {"role_missing"}},
                                 {"REQUEST_ID", {"id-1"}},
                                 {"CLIENT", {"192.0.2.1:40000"}}};
    BOOST_TEST((journal.take() == expected));
}

BOOST_AUTO_TEST_CASE(inTheJournalWhatIsNotKnownIsNoField) {
    FakeJournal journal;
    const JournalLog log(journal);
    AccessLog(true).answered(record());
    const auto fields = journal.take();
    for (const char* field : {"ROUTE", "SUBJECT", "REFUSED"})
        BOOST_TEST(!fields.contains(field), field);
    BOOST_TEST(fields.size() == 8U);
}

BOOST_AUTO_TEST_CASE(thePlaceInATraceIsInTheLine) {
    auto traced = record();
    traced.traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    {
        const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
        AccessLog(true).answered(traced);
        BOOST_TEST(recording.text() ==
                   "6 request \"GET\" \"/me\" status 200 bytes 321 ms 1.500 id \"id-1\" trace_id "
                   "4bf92f3577b34da6a3ce929d0e0e4736 from 192.0.2.1:40000\n");
    }
    traced.spanId = "00f067aa0ba902b7";
    {
        const RecordingLog recording(Poco::Message::PRIO_INFORMATION);
        AccessLog(true).answered(traced);
        BOOST_TEST(recording.text().find(
                       " trace_id 4bf92f3577b34da6a3ce929d0e0e4736 span_id 00f067aa0ba902b7 from") !=
                   std::string::npos);
    }
    FakeJournal journal;
    const JournalLog log(journal);
    AccessLog(true).answered(traced);
    const auto fields = journal.take();
    BOOST_TEST((fields.at("TRACE_ID") == std::vector<std::string>{std::string(traced.traceId)}));
    BOOST_TEST((fields.at("SPAN_ID") == std::vector<std::string>{std::string(traced.spanId)}));
}

BOOST_AUTO_TEST_SUITE_END()
