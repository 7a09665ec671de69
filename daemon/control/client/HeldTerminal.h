#pragma once

#include <termios.h>

#include <csignal>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Blocks the signals that end or stop a program, so that none leaves the terminal in another mode; they are
/// delivered afterwards.
class SignalsHeldBack {
public:
    SignalsHeldBack();
    ~SignalsHeldBack();
    SignalsHeldBack(const SignalsHeldBack&) = delete;
    SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

    /// Readable once such a signal has arrived.
    int descriptor() const { return _arrived.get(); }

private:
    sigset_t _before{};
    FileDescriptor _arrived;
};

/// Switches local modes of a terminal off, such as ECHO, as long as it lives. Does nothing to what is no
/// terminal.
class TerminalModesOff {
public:
    TerminalModesOff(int terminal, tcflag_t modes);
    ~TerminalModesOff();
    TerminalModesOff(const TerminalModesOff&) = delete;
    TerminalModesOff& operator=(const TerminalModesOff&) = delete;

    bool isTerminal() const noexcept { return _isTerminal; }

private:
    int _terminal;
    termios _before{};
    bool _isTerminal;
};

}  // namespace changebank::daemon
