#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/integration/DaemonProcess.h"

using namespace changebank::tests;

namespace {

/// A process that is nobody's child here; killed at the latest with this object.
class Stranger {
public:
    explicit Stranger(pid_t id) : _descriptor(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))) {
        BOOST_REQUIRE(_descriptor >= 0);
    }
    ~Stranger() {
        signal(SIGKILL);
        ::close(_descriptor);
    }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    void signal(int number) const { ::syscall(SYS_pidfd_send_signal, _descriptor, number, nullptr, 0); }

    /// Waits for its end.
    bool ends() const {
        pollfd descriptor{_descriptor, POLLIN, 0};
        return ::poll(&descriptor, 1, 30'000) == 1;
    }

private:
    int _descriptor;
};

pid_t pidIn(const std::string& file) {
    pid_t id = 0;
    std::ifstream(file) >> id;
    return id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(DaemonDetachTest)

BOOST_AUTO_TEST_CASE(theCallerReturnsWhenTheDaemonServes) {
    const TemporaryFolder folder;
    const auto pidFile = folder.file("changebankd.pid");
    Process caller(changebankd, {"--daemon", "--pidfile=" + pidFile, "--define=server.port=0"});
    const auto port = caller.waitForPort();
    BOOST_TEST(caller.wait().value_or(-1) == 0);
    BOOST_TEST(caller.errors().find("nothing is logged in the background; set log.target, and audit.file") !=
               std::string::npos);

    const auto id = pidIn(pidFile);
    BOOST_TEST(id != caller.id());
    const Stranger daemon(id);
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
    const auto process = "/proc/" + std::to_string(id);
    BOOST_TEST(std::filesystem::read_symlink(process + "/cwd") == "/");
    for (const std::string stream : {"0", "1", "2"}) {
        BOOST_TEST(std::filesystem::read_symlink(process + "/fd/" + stream) == "/dev/null");
    }
    BOOST_TEST(::getsid(id) != ::getsid(0));
    struct stat status {};
    BOOST_REQUIRE(::stat(pidFile.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == (0644 & ~027));

    Process second(changebankd, {"--daemon", "--pidfile=" + pidFile, "--define=server.port=0"});
    BOOST_TEST(second.wait().value_or(-1) == 69);
    BOOST_TEST(second.errors().find("already running: process " + std::to_string(id)) != std::string::npos);

    daemon.signal(SIGHUP);
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
    daemon.signal(SIGTERM);
    BOOST_TEST(daemon.ends());
    BOOST_TEST(!std::filesystem::exists(pidFile));
}

BOOST_AUTO_TEST_CASE(theCallerLearnsOfFaultySettings) {
    Process caller(changebankd, {"--daemon", "--define=server.prot=0"});
    BOOST_TEST(caller.wait().value_or(-1) == 78);
    BOOST_TEST(caller.errors() == "--define: server.prot: unknown key; did you mean server.port?\n");
}

BOOST_AUTO_TEST_CASE(theCallerLearnsOfAPortInUse) {
    DaemonProcess first("");
    Process caller(changebankd, {"--daemon", "--define=server.port=" + std::to_string(first.port())});
    BOOST_TEST(caller.wait().value_or(-1) == 69);
    BOOST_TEST(caller.errors().find("cannot listen on") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theCallerLearnsOfAPidFileThatCannotBeWritten) {
    Process caller(changebankd, {"--daemon", "--pidfile=/nonexistent/x.pid", "--define=server.port=0"});
    BOOST_TEST(caller.wait().value_or(-1) == 78);
    BOOST_TEST(caller.errors().find("cannot write the pid file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(theMaskIsThatOfEveryFile) {
    const TemporaryFolder folder;
    const auto pidFile = folder.file("changebankd.pid");
    Process caller(changebankd, {"--daemon", "--umask=077", "--pidfile=" + pidFile, "--define=server.port=0",
                                 "--define=log.target=file:" + folder.file("log"),
                                 "--define=audit.file=" + folder.file("audit")});
    BOOST_TEST(caller.wait().value_or(-1) == 0);
    const Stranger daemon(pidIn(pidFile));
    for (const auto& [name, mode] : {std::pair{"log", 0600}, {"audit", 0600}, {"changebankd.pid", 0600}}) {
        struct stat status {};
        BOOST_REQUIRE(::stat(folder.file(name).c_str(), &status) == 0);
        BOOST_TEST((status.st_mode & 0777) == static_cast<unsigned>(mode), name);
    }
}

BOOST_AUTO_TEST_CASE(inheritedDescriptorsAreClosed) {
    const TemporaryFolder folder;
    const auto pidFile = folder.file("changebankd.pid");
    const auto inherited = folder.write("inherited", "");
    Process caller("/bin/sh", {"-c",
                               "exec 5<\"$1\" 9>>\"$1\" && exec \"$0\" --daemon --pidfile=" + pidFile +
                                   " --define=server.port=0 --define=log.target=file:" + folder.file("log"),
                               changebankd, inherited});
    BOOST_TEST(caller.wait().value_or(-1) == 0);
    const auto id = pidIn(pidFile);
    const Stranger daemon(id);
    for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(id) + "/fd"))
        BOOST_TEST(std::filesystem::read_symlink(entry) != inherited);
}

BOOST_AUTO_TEST_CASE(aPassedSocketGoesToTheBackground) {
    const TemporaryFolder folder;
    const auto pidFile = folder.file("changebankd.pid");
    const Poco::Net::ServerSocket passed(Poco::Net::SocketAddress("127.0.0.1", 0));
    const auto port = passed.address().port();
    // A descriptor above those that the shell uses, which exec keeps.
    const int descriptor = ::fcntl(passed.impl()->sockfd(), F_DUPFD, 9);
    Process caller("/bin/bash", {"-c",
                                 "eval \"exec 3<&$1\"; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" --daemon "
                                 "--pidfile=" +
                                     pidFile + " --define=log.target=file:" + folder.file("log"),
                                 changebankd, std::to_string(descriptor)});
    ::close(descriptor);
    BOOST_TEST(caller.wait().value_or(-1) == 0, caller.errors());
    const Stranger daemon(pidIn(pidFile));
    BOOST_TEST(request(port, "GET", "/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(aDaemonWithItsLogInAFileWorksTheSame) {
    const TemporaryFolder folder;
    const auto pidFile = folder.file("changebankd.pid");
    const auto log = folder.file("log");
    Process caller(changebankd, {"--daemon", "--pidfile=" + pidFile, "--define=server.port=0",
                                 "--define=log.target=file:" + log});
    BOOST_TEST(caller.wait().value_or(-1) == 0);
    BOOST_TEST(caller.errors() == "");
    const Stranger daemon(pidIn(pidFile));
    daemon.signal(SIGTERM);
    BOOST_TEST(daemon.ends());
    std::ifstream stream(log);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    BOOST_TEST(text.find("listening on 127.0.0.1:") != std::string::npos);
    BOOST_TEST(text.find("stopping on SIGTERM") != std::string::npos);
    struct stat status {};
    BOOST_REQUIRE(::stat(log.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777) == 0640);
}

BOOST_AUTO_TEST_SUITE_END()
