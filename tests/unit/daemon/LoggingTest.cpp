#include "daemon/Logging.h"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "daemon/LoggingErrorHandler.h"
#include "daemon/LoggingRefusalReporter.h"
#include "tests/unit/daemon/RecordingLog.h"
#include "tests/unit/handlers/FakeExchange.h"

using namespace changebank::daemon;
using namespace changebank::security;

namespace {

/// What is logged of a refused request, at a level.
std::string logOfRefusal(const std::string& target, int level) {
    const RecordingLog log(level);
    LoggingRefusalReporter reporter(ErrorDetail::minimal, std::make_shared<RefusalCounters>());
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
}

BOOST_AUTO_TEST_CASE(aLogThatFailsHarmsNobody) {
    RecordingLog recording(Poco::Message::PRIO_TRACE);
    recording.failFromNowOn();
    BOOST_CHECK_NO_THROW(log(Poco::Message::PRIO_ERROR, "lost"));
}

BOOST_AUTO_TEST_CASE(faultsOfTheLoggingSectionAreFound) {
    Settings settings;
    BOOST_TEST(!faultOfLogging(settings));
    settings.logging = {{"logging.channels.console.class", "NoSuchChannel"}};
    BOOST_TEST(faultOfLogging(settings).has_value());
    settings.logging = {{"logging.channels.console.class", "FileChannel"},
                        {"logging.channels.console.path", "/nonexistent/log"}};
    BOOST_TEST(faultOfLogging(settings).has_value());
    settings.logging = {{"logging.loggers.root.level", "loud"}};
    BOOST_TEST(faultOfLogging(settings).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
