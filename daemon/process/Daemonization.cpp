#include "changebank/daemon/process/Daemonization.h"

#include <Poco/Exception.h>
#include <Poco/NumberParser.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/Uninterrupted.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/process/SocketActivation.h"

namespace changebank::daemon {

namespace {

[[noreturn]] void fail(const char* what) {
    throw Poco::SystemException(what, errnoText());
}

pid_t forked() {
    const pid_t child = ::fork();
    if (child < 0) fail("cannot fork");
    return child;
}

/// The status sent through the pipe, or exitSoftware if the process ended without sending one.
int awaitStatus(int pipe) {
    unsigned char status = 0;
    const auto length = uninterrupted([&] { return ::read(pipe, &status, 1); });
    return length == 1 ? int{status} : int{exitSoftware};
}

void report(int& pipe, int status) noexcept {
    if (pipe < 0) return;
    const auto byte = static_cast<unsigned char>(status);
    uninterrupted([&] { return ::write(pipe, &byte, 1); });
    ::close(pipe);
    pipe = -1;
}

/// Our own descriptors have FD_CLOEXEC, which an inherited one cannot have.
void closeInherited() {
    const int firstToClose = STDERR_FILENO + 1 + passedDescriptors();
    std::vector<int> inherited;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int descriptor = Poco::NumberParser::parse(entry.path().filename().string());
        const int flags = ::fcntl(descriptor, F_GETFD);
        if (descriptor >= firstToClose && flags >= 0 && (flags & FD_CLOEXEC) == 0)
            inherited.push_back(descriptor);
    }
    for (const int descriptor : inherited)
        ::close(descriptor);
}

}  // namespace

Daemonization::Daemonization() {
    closeInherited();
    const bool hasListeners = passedDescriptors() > 0;
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("cannot make a pipe");
    if (const pid_t child = forked(); child != 0) {
        ::close(pipe[1]);
        const int status = awaitStatus(pipe[0]);
        ::waitpid(child, nullptr, 0);
        ::_exit(status);
    }
    ::close(pipe[0]);
    if (::setsid() < 0) fail("cannot begin a session");
    // A session leader could acquire a terminal again; its child cannot.
    if (forked() != 0) ::_exit(exitOk);
    if (::chdir("/") != 0) fail("cannot go to the root folder");
    if (hasListeners) ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    _caller = pipe[1];
}

Daemonization::~Daemonization() {
    failed(exitSoftware);
}

void Daemonization::ready() {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) fail("cannot open /dev/null");
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::dup2(null, stream);
    if (null > STDERR_FILENO) ::close(null);
    report(_caller, exitOk);
}

void Daemonization::failed(int status) noexcept {
    report(_caller, status);
}

}  // namespace changebank::daemon
