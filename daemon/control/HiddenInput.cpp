#include "changebank/daemon/control/HiddenInput.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/control/client/HeldTerminal.h"

namespace changebank::daemon {

namespace {

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
    const TerminalModesOff echo(terminal.get(), ECHO);
    write(terminal.get(), prompt);
    auto line = readLine(terminal.get(), signals.descriptor());
    write(terminal.get(), "\n");
    return line;
}

}  // namespace changebank::daemon
