#include "changebank/daemon/process/ServiceNotification.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "changebank/daemon/process/Watchdog.h"
#include "tests/support/Eventually.h"
#include "tests/support/NotifySocket.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/unit/daemon/RecordingLog.h"

using namespace changebank;
using namespace changebank::daemon;
using changebank::tests::eventually;
using changebank::tests::NotifySocket;
using changebank::tests::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

ServiceNotification notificationTo(const std::string& address, const std::string& watchdog = {},
                                   const std::string& process = {}) {
    ::setenv("NOTIFY_SOCKET", address.c_str(), 1);
    if (!watchdog.empty()) ::setenv("WATCHDOG_USEC", watchdog.c_str(), 1);
    if (!process.empty()) ::setenv("WATCHDOG_PID", process.c_str(), 1);
    return ServiceNotification();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ServiceNotificationTest)

BOOST_AUTO_TEST_CASE(theManagerHearsOfEachState) {
    const TemporaryFolder folder;
    const NotifySocket manager(folder.file("notify"));
    const auto notification = notificationTo(folder.file("notify"));
    BOOST_TEST(notification.isOn());
    notification.ready("serving");
    BOOST_TEST(manager.receive() == "READY=1\nSTATUS=serving");
    notification.status("busy");
    BOOST_TEST(manager.receive() == "STATUS=busy");
    notification.stopping(1500ms);
    BOOST_TEST(manager.receive() ==
               "STOPPING=1\nSTATUS=finishing the requests in flight\nEXTEND_TIMEOUT_USEC=1500000");
    notification.alive();
    BOOST_TEST(manager.receive() == "WATCHDOG=1");
}

BOOST_AUTO_TEST_CASE(aReloadIsStampedWithTheMonotonicClock) {
    const TemporaryFolder folder;
    const NotifySocket manager(folder.file("notify"));
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_MONOTONIC, &time);
        return time.tv_sec * 1'000'000LL + time.tv_nsec / 1000;
    };
    const auto before = now();
    notificationTo(folder.file("notify")).reloading();
    const auto message = manager.receive();
    const std::string beginning = "RELOADING=1\nMONOTONIC_USEC=";
    BOOST_REQUIRE(message.rfind(beginning, 0) == 0U);
    const auto stamp = std::stoll(message.substr(beginning.size()));
    BOOST_TEST(stamp >= before);
    BOOST_TEST(stamp <= now());
}

BOOST_AUTO_TEST_CASE(anAbstractSocketWorksToo) {
    const auto name = "@changebank-test-" + std::to_string(::getpid());
    const NotifySocket manager(name);
    notificationTo(name).ready("serving");
    BOOST_TEST(manager.receive() == "READY=1\nSTATUS=serving");
}

BOOST_AUTO_TEST_CASE(theVariablesAreTakenOutOfTheEnvironment) {
    notificationTo("/nonexistent", "1000", "1");
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
        BOOST_TEST(std::getenv(name) == nullptr, name);
}

BOOST_AUTO_TEST_CASE(aManagerThatIsNotThereHarmsNobody) {
    for (const std::string address : {"", "relative", "/nonexistent/notify"}) {
        const auto notification = notificationTo(address);
        BOOST_CHECK_NO_THROW(notification.ready("serving"));
    }
    BOOST_TEST(!notificationTo(std::string(200, '/')).isOn());
}

BOOST_AUTO_TEST_CASE(theWatchdogIsOursIfItNamesUsOrNobody) {
    const auto own = std::to_string(::getpid());
    BOOST_TEST((notificationTo("/x", "2000000", own).watchdog() == 2s));
    BOOST_TEST((notificationTo("/x", "2000000").watchdog() == 2s));
    BOOST_TEST(!notificationTo("/x", "2000000", "1").watchdog().has_value());
    BOOST_TEST(!notificationTo("/x", "soon", own).watchdog().has_value());
    BOOST_TEST(!notificationTo("/x", "0", own).watchdog().has_value());
    BOOST_TEST(!notificationTo("/x").watchdog().has_value());
    BOOST_TEST(!notificationTo("", "2000000", own).watchdog().has_value());
}

BOOST_AUTO_TEST_CASE(theWatchdogIsFedWhileTheCheckSaysSo) {
    const RecordingLog log(Poco::Message::PRIO_TRACE);
    const TemporaryFolder folder;
    const NotifySocket manager(folder.file("notify"));
    const auto notification = notificationTo(folder.file("notify"), "20000");
    std::atomic<int> checks{0};
    std::atomic<bool> askedRightly{true};
    {
        const Watchdog watchdog(notification, [&](std::chrono::milliseconds within) {
            askedRightly = askedRightly && within == 5ms;
            return ++checks <= 2;
        });
        BOOST_TEST(manager.receive() == "WATCHDOG=1");
        BOOST_TEST(manager.receive() == "WATCHDOG=1");
        BOOST_REQUIRE(eventually([&log] { return !log.text().empty(); }));
    }
    BOOST_TEST(askedRightly);
    notification.status("end");
    BOOST_TEST(manager.receive() == "STATUS=end");
    BOOST_TEST(log.text().find("2 an event loop is stuck") == 0U);
}

BOOST_AUTO_TEST_CASE(withoutAManagerNothingIsWatched) {
    const auto notification = notificationTo("");
    std::atomic<int> checks{0};
    {
        const Watchdog watchdog(notification, [&checks](auto) { return ++checks > 0; });
    }
    BOOST_TEST(checks == 0);
}

BOOST_AUTO_TEST_SUITE_END()
