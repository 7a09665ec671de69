#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "tests/integration/ControlProcess.h"
#include "tests/support/Contains.h"

using namespace changebank::tests;
using namespace std::chrono_literals;

namespace {

/// changebankctl on a terminal of 80 columns and 24 rows.
class OnTerminal {
public:
    explicit OnTerminal(std::vector<std::string> arguments) : _terminal(::posix_openpt(O_RDWR | O_NOCTTY)) {
        ::grantpt(_terminal);
        ::unlockpt(_terminal);
        const winsize size{24, 80, 0, 0};
        _other = ::open(::ptsname(_terminal), O_RDWR | O_NOCTTY);
        ::ioctl(_other, TIOCSWINSZ, &size);
        arguments.insert(arguments.begin(), changebankctl);
        std::vector<char*> pointers;
        for (auto& argument : arguments)
            pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        _process = ::fork();
        if (_process == 0) {
            for (const int descriptor : {0, 1, 2})
                ::dup2(_other, descriptor);
            ::setenv("TERM", "xterm", 1);
            ::execv(pointers.front(), pointers.data());
            ::_exit(127);
        }
    }
    ~OnTerminal() {
        if (_process > 0) {
            ::kill(_process, SIGKILL);
            ::waitpid(_process, nullptr, 0);
        }
        ::close(_other);
        ::close(_terminal);
    }
    OnTerminal(const OnTerminal&) = delete;
    OnTerminal& operator=(const OnTerminal&) = delete;

    /// Whether a text is shown within half a minute.
    bool awaits(const std::string& text) {
        const auto end = std::chrono::steady_clock::now() + 30s;
        while (!has(_shown, text) && std::chrono::steady_clock::now() < end) {
            pollfd source{_terminal, POLLIN, 0};
            std::array<char, 4096> buffer{};
            if (::poll(&source, 1, 100) <= 0) continue;
            const auto count = ::read(_terminal, buffer.data(), buffer.size());
            if (count <= 0) break;
            _shown.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return has(_shown, text);
    }

    void press(char key) { BOOST_TEST(::write(_terminal, &key, 1) == 1); }
    void signal(int number) const { ::kill(_process, number); }

    bool isInUsualMode() const {
        termios mode{};
        ::tcgetattr(_other, &mode);
        return (mode.c_lflag & static_cast<tcflag_t>(ICANON)) != 0 &&
               (mode.c_lflag & static_cast<tcflag_t>(ECHO)) != 0;
    }

    /// The exit status, or 128 and the signal.
    int wait() {
        int status = 0;
        ::waitpid(std::exchange(_process, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    const std::string& shown() const { return _shown; }

private:
    int _terminal;
    int _other = -1;
    pid_t _process = -1;
    std::string _shown;
};

struct Fixture {
    ScriptedKeyServer keys{goodKeys()};
    DaemonProcess daemon{"auth.jwks.uri = " + keys.uri() + "\n"};
    std::string socket = "--socket=" + daemon.adminSocket();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(DaemonTopTest, Fixture)

BOOST_AUTO_TEST_CASE(withoutATerminalOneTableIsShown) {
    daemon.get("/me");
    const auto ended = control(daemon, {"top", "--interval=200ms"});
    BOOST_TEST(ended.status == 0);
    BOOST_TEST(has(ended.output, "; rates of the last 0."), ended.output);
    BOOST_TEST(has(ended.output, "missing_token                              0.0/s             1\n"),
               ended.output);
    BOOST_TEST(has(ended.output, "keys          1 usable, "), ended.output);
    BOOST_TEST(!has(ended.output, "\x1b"));
}

BOOST_AUTO_TEST_CASE(onATerminalItIsDrawnUntilQIsPressed) {
    OnTerminal top({"top", "--interval=200ms", socket});
    BOOST_TEST(top.awaits("rates since the start"), top.shown());
    BOOST_TEST(top.awaits("rates of the last"), top.shown());
    BOOST_TEST(has(top.shown(), "\x1b[H\x1b[1mchangebankd\x1b[0m"));
    BOOST_TEST(!top.isInUsualMode());
    top.press('x');
    top.press('q');
    BOOST_TEST(top.wait() == 0);
    BOOST_TEST(top.isInUsualMode());
}

BOOST_AUTO_TEST_CASE(aSignalLeavesTheTerminalAsItWas) {
    OnTerminal top({"top", "--interval=1h", socket});
    BOOST_TEST(top.awaits("DENIALS"));
    top.signal(SIGTERM);
    BOOST_TEST(top.wait() == 128 + SIGTERM);
    BOOST_TEST(top.isInUsualMode());
}

BOOST_AUTO_TEST_CASE(theStatusIsWatchedInPlace) {
    OnTerminal status({"status", "--watch=1", socket});
    BOOST_TEST(status.awaits("\x1b[J\x1b[Hchangebankd   "), status.shown());
    status.signal(SIGTERM);
    status.wait();
}

BOOST_AUTO_TEST_CASE(wrongUsageIsSaid) {
    for (const std::string bad : {"--interval=0s", "--interval=2", "--interval=2h", "--json", "more"})
        BOOST_TEST(control(daemon, {"top", bad}).status == 64, bad);
    for (const std::string bad : {"--watch=0", "--watch=x"})
        BOOST_TEST(control(daemon, {"status", bad}).status == 64, bad);
}

BOOST_AUTO_TEST_SUITE_END()
