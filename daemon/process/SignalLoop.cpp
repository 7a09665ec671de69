#include "changebank/daemon/process/SignalLoop.h"

#include <Poco/Exception.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <utility>

namespace changebank::daemon {

namespace {

FileDescriptor orThrow(int descriptor) {
    if (descriptor < 0) throw Poco::SystemException("cannot wait for signals", errno);
    return FileDescriptor(descriptor);
}

sigset_t blocked(std::initializer_list<int> numbers) {
    sigset_t signals{};
    sigemptyset(&signals);
    for (const int number : numbers)
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

}  // namespace

SignalLoop::SignalLoop() : _wakeUp(orThrow(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))) {
    const auto signals = blocked({SIGINT, SIGTERM, SIGHUP, SIGUSR1});
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    _signals = orThrow(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

void SignalLoop::keepEarlySignals() noexcept {
    blocked({SIGHUP, SIGUSR1});
}

std::optional<int> SignalLoop::waitFor(std::chrono::milliseconds time) {
    return waitUntil(std::chrono::steady_clock::now() + time);
}

std::optional<int> SignalLoop::waitUntil(std::optional<Time> end) {
    while (true) {
        if (const auto number = takeSignal()) return number;
        runTasks();
        int timeout = -1;
        if (end) {
            const auto left = *end - std::chrono::steady_clock::now();
            if (left <= left.zero()) return std::nullopt;
            timeout = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
        }
        std::array<pollfd, 2> sources{{{_signals.get(), POLLIN, 0}, {_wakeUp.get(), POLLIN, 0}}};
        ::poll(sources.data(), sources.size(), timeout);
    }
}

std::optional<int> SignalLoop::takeSignal() {
    signalfd_siginfo signal{};
    if (::read(_signals.get(), &signal, sizeof(signal)) != sizeof(signal)) return std::nullopt;
    return static_cast<int>(signal.ssi_signo);
}

void SignalLoop::post(Task task) {
    {
        const std::lock_guard lock(_mutex);
        if (_isClosed) return;
        _tasks.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(_wakeUp.get(), &one, sizeof(one));
}

void SignalLoop::close() {
    std::vector<Task> dropped;
    const std::lock_guard lock(_mutex);
    dropped.swap(_tasks);
    _isClosed = true;
}

void SignalLoop::runTasks() {
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto read = ::read(_wakeUp.get(), &ignored, sizeof(ignored));
    std::vector<Task> tasks;
    {
        const std::lock_guard lock(_mutex);
        tasks.swap(_tasks);
    }
    for (const auto& task : tasks)
        task();
}

}  // namespace changebank::daemon
