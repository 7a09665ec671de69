#include <Poco/Net/StreamSocket.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "tests/integration/ControlProcess.h"
#include "tests/integration/PassedSocket.h"
#include "tests/support/Eventually.h"
#include "tests/support/FileContent.h"
#include "tests/support/NotifySocket.h"
#include "tests/support/OnlyIf.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    TemporaryFolder folder;
    NotifySocket manager{folder.file("notify")};
    Process::Environment environment{{"NOTIFY_SOCKET", folder.file("notify")}};
};

constexpr auto stuck = "an event loop is stuck; not sending the watchdog's keep-alive";

void awaitThat(const std::function<bool()>& condition) {
    BOOST_REQUIRE(eventually(condition));
}

/// Waits until a program has logged a text that many times.
void awaitLines(const Process& process, const std::string& text, int times) {
    awaitThat([&] {
        const auto log = process.errors();
        int found = 0;
        for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1))
            ++found;
        return found >= times;
    });
}

/// The first thread of changebankd that has that name, once there is one: each gives itself its name.
pid_t threadOf(pid_t process, const std::string& wanted) {
    pid_t found = 0;
    awaitThat([&] {
        for (const auto& task :
             std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
            std::string name;
            std::ifstream(task.path() / "comm") >> name;
            if (found == 0 && name == wanted) found = std::stoi(task.path().filename());
        }
        return found != 0;
    });
    return found;
}

/// One of the loops of the API, which start first.
pid_t eventLoopOf(pid_t process) {
    return threadOf(process, "event-loop");
}

/// Keeps one thread of a child from running, as a debugger does, as long as this object lives.
class HeldThread {
public:
    explicit HeldThread(pid_t id) : _id(id) {
        BOOST_REQUIRE(::ptrace(PTRACE_SEIZE, _id, nullptr, nullptr) == 0);
        BOOST_REQUIRE(::ptrace(PTRACE_INTERRUPT, _id, nullptr, nullptr) == 0);
        BOOST_REQUIRE(::waitpid(_id, nullptr, __WALL) == _id);
    }
    ~HeldThread() { ::ptrace(PTRACE_DETACH, _id, nullptr, nullptr); }
    HeldThread(const HeldThread&) = delete;
    HeldThread& operator=(const HeldThread&) = delete;

private:
    pid_t _id;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonServiceTest, Fixture)

BOOST_AUTO_TEST_CASE(threadsAreNamedAfterWhatTheyDo) {
    environment["WATCHDOG_USEC"] = "1000000";
    DaemonProcess daemon("", environment);
    manager.receive();
    for (const auto* name : {"changebankd", "event-loop", "key-refresh", "watchdog"})
        BOOST_TEST(threadOf(daemon.process().id(), name) > 0);
}

BOOST_AUTO_TEST_CASE(theManagerHearsOfReadinessReloadAndStop) {
    DaemonProcess daemon("", environment);
    const auto ready = manager.receive();
    BOOST_TEST(ready == "READY=1\nSTATUS=serving on 127.0.0.1:" + std::to_string(daemon.port()) +
                            ", settings of generation 1");
    daemon.process().signal(SIGHUP);
    const auto reloading = manager.receive();
    BOOST_TEST(reloading.rfind("RELOADING=1\nMONOTONIC_USEC=", 0) == 0U, reloading);
    BOOST_TEST(manager.receive().find("settings of generation 2") != std::string::npos);
    daemon.rewrite("junk\n");
    daemon.process().signal(SIGHUP);
    BOOST_TEST(manager.receive().rfind("RELOADING=1", 0) == 0U);
    const auto failed = manager.receive();
    BOOST_TEST(failed.rfind("READY=1\n", 0) == 0U);
    BOOST_TEST(failed.find("generation 2; the last reload failed") != std::string::npos, failed);
    daemon.process().terminate();
    BOOST_TEST(manager.receive().rfind("STOPPING=1\n", 0) == 0U);
    BOOST_TEST(daemon.process().wait().value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(theManagerHearsNothingOfADaemonThatCannotStart) {
    const auto ended = runToEnd(changebankd, {"--define=server.host=192.0.2.1"}, environment);
    BOOST_TEST(ended.status == 69);
    DaemonProcess next("", environment);
    BOOST_TEST(manager.receive().find("READY=1") == 0U);
}

BOOST_AUTO_TEST_CASE(theWatchdogIsFedWhileTheLoopsTurn) {
    environment["WATCHDOG_USEC"] = "200000";
    DaemonProcess daemon("", environment);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(manager.receive("WATCHDOG=1") == "WATCHDOG=1");
    // A process that stands still does not say that it lives.
    daemon.process().signal(SIGSTOP);
    daemon.process().signal(SIGCONT);
    BOOST_TEST(manager.receive("WATCHDOG=1") == "WATCHDOG=1");
}

BOOST_AUTO_TEST_CASE(theWatchdogIsNotFedWhileALoopIsStuck) {
    environment["WATCHDOG_USEC"] = "200000";
    DaemonProcess daemon("server.threads = 2\n", environment);
    BOOST_TEST(manager.receive("WATCHDOG=1") == "WATCHDOG=1");
    {
        const HeldThread loop(eventLoopOf(daemon.process().id()));
        // The first look of these may have begun before, so that only what comes after it is proof.
        awaitLines(daemon.process(), stuck, 1);
        manager.pending();
        awaitLines(daemon.process(), stuck, 5);
        BOOST_TEST(manager.pending().empty());
        // The rest of the daemon lives: it answers on the loops that turn.
        BOOST_TEST(runToEnd(changebankctl, {"config", "--socket=" + daemon.adminSocket()}).status == 0);
    }
    BOOST_TEST(manager.receive("WATCHDOG=1") == "WATCHDOG=1");
    BOOST_TEST(request(daemon.port(), "GET", "/livez").status == 200);
}

// AddressSanitizer's runtime opens pipes to look at memory, and ends a process that has no descriptors for
// them.
#ifndef __SANITIZE_ADDRESS__
BOOST_AUTO_TEST_CASE(theWatchdogIsFedWithoutDescriptors) {
    environment["WATCHDOG_USEC"] = "200000";
    DaemonProcess daemon("", environment);
    // From here on it can open nothing.
    const rlimit none{1, 1};
    BOOST_REQUIRE(::prlimit(daemon.process().id(), RLIMIT_NOFILE, &none, nullptr) == 0);
    Poco::Net::StreamSocket waiting(Poco::Net::SocketAddress("127.0.0.1", daemon.port()));
    manager.pending();
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(manager.receive("WATCHDOG=1") == "WATCHDOG=1");
}
#endif

BOOST_AUTO_TEST_CASE(aPassedSocketServesAndOutlivesTheDaemon) {
    Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    const auto port = socket.address().port();
    const auto file = folder.write("c.properties", "server.port = 1\n");
    for (int round = 0; round < 2; ++round) {
        auto daemon =
            withPassedSocket(socket, {"--config=" + file, "--define=admin.socket=" + folder.file("admin")});
        BOOST_TEST(daemon.waitForPort() == port);
        BOOST_TEST(request(port, "GET", "/livez").status == 200);
        folder.write("c.properties", "server.port = 2\n");
        const auto reloaded = runToEnd(changebankctl, {"reload", "--socket=" + folder.file("admin")});
        BOOST_TEST(reloaded.status == 0);
        if (round == 0)
            BOOST_TEST(reloaded.output.find("note: server.port changed, but systemd passed the api socket") !=
                           std::string::npos,
                       reloaded.output);
        BOOST_TEST(request(port, "GET", "/livez").status == 200);
        daemon.terminate();
        BOOST_TEST(daemon.wait().value_or(-1) == 0);
    }
}

BOOST_AUTO_TEST_CASE(linesForTheJournalBeginWithTheirPriority) {
    const ScriptedKeyServer broken(ScriptedKeyServer::status(500));
    const auto log = folder.write("journal", "");
    struct stat status {};
    BOOST_REQUIRE(::stat(log.c_str(), &status) == 0);
    const auto stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    Process shell("/bin/sh",
                  {"-c",
                   "exec \"$0\" --define=server.port=0 --define=admin.socket= --define=log.level=trace "
                   "--define=auth.jwks.uri=\"$2\" 2>>\"$1\"",
                   changebankd, log, broken.uri()},
                  {{"JOURNAL_STREAM", stream}, {"NOTIFY_SOCKET", folder.file("notify")}});
    BOOST_TEST(manager.receive("READY=1").rfind("READY=1", 0) == 0U);
    BOOST_REQUIRE(eventually(
        [&] { return contentOf(log).find("<4>changebank: cannot fetch keys") != std::string::npos; }));
    shell.terminate();
    BOOST_TEST(shell.wait().value_or(-1) == 0);
    const auto all = contentOf(log);
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
        BOOST_TEST((line.size() > 3 && line[0] == '<' && line[1] >= '1' && line[1] <= '7' && line[2] == '>'),
                   line);
    }
    BOOST_TEST(all.find("<6>changebank: listening on 127.0.0.1:") != std::string::npos, all);
}

BOOST_AUTO_TEST_CASE(withoutTheDefaultFolderANewcomersDaemonStartsAndSaysSo,
                     *onlyIf(!std::filesystem::exists("/run/changebank"),
                             "this machine has /run/changebank")) {
    Process daemon(changebankd, {"--define=server.port=0"});
    const auto port = daemon.waitForPort();
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
    BOOST_TEST(
        daemon
            .waitForLine(
                "cannot listen on /run/changebank/admin.sock: .*create the folder or set admin.socket", 30s)
            .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
