#include "changebank/daemon/control/HiddenInput.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

namespace {

/// Blocks the signals that end or stop a program, so that none leaves the terminal without echo; they are
/// delivered afterwards.
class SignalsHeldBack {
public:
    SignalsHeldBack() {
        sigset_t signals{};
        sigemptyset(&signals);
        for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
            sigaddset(&signals, number);
        pthread_sigmask(SIG_BLOCK, &signals, &_before);
        _arrived = FileDescriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
    }
    ~SignalsHeldBack() { pthread_sigmask(SIG_SETMASK, &_before, nullptr); }
    SignalsHeldBack(const SignalsHeldBack&) = delete;
    SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

    /// Readable once such a signal has arrived.
    int descriptor() const { return _arrived.get(); }

private:
    sigset_t _before{};
    FileDescriptor _arrived;
};

class EchoOff {
public:
    explicit EchoOff(int terminal) : _terminal(terminal), _isOff(::tcgetattr(terminal, &_before) == 0) {
        auto silent = _before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (_isOff) ::tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    ~EchoOff() {
        if (_isOff) ::tcsetattr(_terminal, TCSAFLUSH, &_before);
    }
    EchoOff(const EchoOff&) = delete;
    EchoOff& operator=(const EchoOff&) = delete;

private:
    int _terminal;
    termios _before{};
    bool _isOff;
};

void write(int terminal, std::string_view text) {
    [[maybe_unused]] const auto written = ::write(terminal, text.data(), text.size());
}

/// std::nullopt at the end of the input or on a signal.
std::optional<std::string> readLine(int terminal, int signals) {
    std::string line;
    char c = 0;
    while (true) {
        std::array<pollfd, 2> sources{{{terminal, POLLIN, 0}, {signals, POLLIN, 0}}};
        if (::poll(sources.data(), sources.size(), -1) < 0 || sources[1].revents != 0) return std::nullopt;
        if (::read(terminal, &c, 1) != 1) return std::nullopt;
        if (c == '\n') return line;
        line += c;
    }
}

}  // namespace

std::optional<std::string> askHidden(const std::string& prompt) {
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal) return std::nullopt;
    const SignalsHeldBack signals;
    const EchoOff echo(terminal.get());
    write(terminal.get(), prompt);
    auto line = readLine(terminal.get(), signals.descriptor());
    write(terminal.get(), "\n");
    return line;
}

}  // namespace changebank::daemon
