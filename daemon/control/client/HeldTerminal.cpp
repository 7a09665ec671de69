#include "changebank/daemon/control/client/HeldTerminal.h"

#include <sys/signalfd.h>

namespace changebank::daemon {

SignalsHeldBack::SignalsHeldBack() {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP})
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, &_before);
    _arrived = FileDescriptor(::signalfd(-1, &signals, SFD_CLOEXEC));
}

SignalsHeldBack::~SignalsHeldBack() {
    pthread_sigmask(SIG_SETMASK, &_before, nullptr);
}

TerminalModesOff::TerminalModesOff(int terminal, tcflag_t modes)
    : _terminal(terminal), _isTerminal(::tcgetattr(terminal, &_before) == 0) {
    auto changed = _before;
    changed.c_lflag &= ~modes;
    if (_isTerminal) ::tcsetattr(terminal, TCSAFLUSH, &changed);
}

TerminalModesOff::~TerminalModesOff() {
    if (_isTerminal) ::tcsetattr(_terminal, TCSAFLUSH, &_before);
}

}  // namespace changebank::daemon
