#include "changebank/daemon/logging/Logging.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/logging/LoggingErrorHandler.h"
#include "changebank/daemon/logging/LoggingRefusalReporter.h"
#include "tests/support/ManualClock.h"
#include "tests/unit/daemon/RecordingLog.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank;
using namespace changebank::daemon;
using namespace changebank::security;

namespace {

/// What is logged of a refused request, at a level.
std::string logOfRefusal(const std::string& target, int level) {
    const RecordingLog log(level);
    LoggingRefusalReporter reporter(ErrorDetail::minimal, std::make_shared<RefusalCounters>(), nullptr);
    changebank::handlers::FakeRequest request("GET", target);
    request.set("Authorization", "Bearer sesame");
    Principal principal;
    principal.subject = "eve\nadmin";
    request.handledBy(reporter.createHandler(request, Refusal{Cause::roleMissing}, &principal));
    return log.text();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LoggingTest)

BOOST_AUTO_TEST_CASE(errorsOfThreadsAreLogged) {
    const RecordingLog log(Poco::Message::PRIO_TRACE);
    LoggingErrorHandler handler;
    handler.exception(Poco::Net::ConnectionResetException("by\npeer"));
    handler.exception(Poco::TimeoutException("slow"));
    handler.exception(Poco::NullPointerException("oops"));
    handler.exception(std::runtime_error("text"));
    handler.exception();
    BOOST_TEST(log.text() ==
               "7 connection ended: \"Connection reset by peer: by\\u000apeer\"\n"
               "7 connection ended: \"Timeout: slow\"\n"
               "3 unexpected error: \"Null pointer: oops\"\n"
               "3 unexpected error: \"text\"\n"
               "3 unexpected error of an unknown kind\n");
}

BOOST_AUTO_TEST_CASE(refusalsAreLoggedAtDebugWithoutTheTokenAndOnOneLine) {
    BOOST_TEST(logOfRefusal("/panic\n?secret=1", Poco::Message::PRIO_DEBUG) ==
               "7 refused role_missing: \"GET\" \"/panic\\u000a\" from 127.0.0.1:3000 subject "
               "\"eve\\u000aadmin\"\n");
    BOOST_TEST(logOfRefusal("/panic", Poco::Message::PRIO_INFORMATION) == "");
    for (const char* target : {"user:secret@host/panic", "/panic#secret", "/#secret?x", "?secret"})
        BOOST_TEST(logOfRefusal(target, Poco::Message::PRIO_DEBUG).find("secret") == std::string::npos,
                   target);
}

BOOST_AUTO_TEST_CASE(aLogThatFailsHarmsNobody) {
    RecordingLog recording(Poco::Message::PRIO_TRACE);
    recording.failFromNowOn();
    BOOST_CHECK_NO_THROW(log(Poco::Message::PRIO_ERROR, "lost"));
}

BOOST_AUTO_TEST_CASE(aTextThatWouldEndItsLineIsEscaped) {
    const RecordingLog recording(Poco::Message::PRIO_TRACE);
    log(Poco::Message::PRIO_ERROR, "one\nerror two\r\x1b[31m");
    BOOST_TEST(recording.text() == "3 one\\u000aerror two\\u000d\\u001b[31m\n");
    BOOST_TEST(changebank::oneLine("\"plain\" \\ text") == "\"plain\" \\ text");
}

BOOST_AUTO_TEST_CASE(messagesBelowTheLevelAreNotWritten) {
    const RecordingLog recording(Poco::Message::PRIO_WARNING);
    BOOST_TEST(isLogged(Poco::Message::PRIO_WARNING));
    BOOST_TEST(!isLogged(Poco::Message::PRIO_NOTICE));
    log(Poco::Message::PRIO_NOTICE, "quiet");
    useLogOutput(logOutput()->withLevel(Poco::Message::PRIO_NOTICE));
    log(Poco::Message::PRIO_NOTICE, "loud");
    BOOST_TEST(recording.text() == "5 loud\n");
}

BOOST_AUTO_TEST_CASE(theLastRefusalsAreKeptAtAnyLevelWithoutTheToken) {
    const RecordingLog log(Poco::Message::PRIO_FATAL);
    changebank::tests::ManualClock clock(Clock::Wall(std::chrono::milliseconds(1'790'000'000'125)));
    const auto recent = std::make_shared<RecentDenials>();
    LoggingRefusalReporter reporter(ErrorDetail::minimal, nullptr, recent, clock);
    changebank::handlers::ContextFakeRequest request("GET", "/panic?secret=1");
    request.set("Authorization", "Bearer sesame");
    request.set("X-Request-Id", "id7");
    request.noteRoute("/Panic");
    Principal principal;
    principal.subject = "eve";
    reporter.createHandler(request, Refusal{Cause::roleMissing}.withEvidence("teller", "guest"), &principal);
    changebank::handlers::FakeRequest plain("PUT", "/");
    reporter.createHandler(plain, Refusal{Cause::claimMissing, "aud"}, nullptr);

    const auto found = recent->after(0, 10).denials;
    BOOST_REQUIRE(found.size() == 2U);
    const auto& first = found.front();
    BOOST_TEST(first.sequence == 1U);
    BOOST_TEST(first.time.time_since_epoch().count() == 1'790'000'000'125);
    BOOST_TEST((first.cause == Cause::roleMissing));
    BOOST_TEST(first.method.view() == "GET");
    BOOST_TEST(first.path.view() == "/panic");
    BOOST_TEST(first.route.view() == "/Panic");
    BOOST_TEST(first.requestId.view() == "id7");
    BOOST_TEST(first.subject.view() == "eve");
    BOOST_TEST(first.client.view() == "127.0.0.1:3000");
    BOOST_TEST(first.expected.view() == "teller");
    BOOST_TEST(first.found.view() == "guest");
    BOOST_TEST(found.back().parameter.view() == "aud");
    BOOST_TEST(found.back().route.view() == "");
    BOOST_TEST(found.back().subject.view() == "");
    BOOST_TEST(log.text() == "");
}

BOOST_AUTO_TEST_CASE(refusalsBeyondALimitDoNotPushOutTheOthers) {
    changebank::tests::ManualClock clock;
    const auto recent = std::make_shared<RecentDenials>(10);
    LoggingRefusalReporter reporter(ErrorDetail::minimal, nullptr, recent, clock);
    changebank::handlers::FakeRequest request("GET", "/");
    reporter.createHandler(request, Refusal{Cause::roleMissing}, nullptr);
    for (const auto cause :
         {Cause::clientRateExceeded, Cause::subjectRateExceeded, Cause::badTokenRateExceeded}) {
        clock.advance(LoggingRefusalReporter::limitedPause);
        for (int i = 0; i < 100; ++i)
            reporter.createHandler(request, Refusal{cause}, nullptr);
    }
    reporter.createHandler(request, Refusal{Cause::expired}, nullptr);
    std::string causes;
    for (const auto& denial : recent->after(0, 10).denials)
        causes += std::string(traitsOf(denial.cause).name) + " ";
    BOOST_TEST(causes ==
               "role_missing client_rate_exceeded subject_rate_exceeded bad_token_rate_exceeded expired ");
}

BOOST_AUTO_TEST_SUITE_END()
