#include "daemon/SignalQueue.h"

#include <initializer_list>

namespace changebank::daemon {

SignalQueue::SignalQueue() {
    sigemptyset(&_signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1})
        sigaddset(&_signals, number);
    pthread_sigmask(SIG_BLOCK, &_signals, nullptr);
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
}

int SignalQueue::wait() const {
    int number = 0;
    while (sigwait(&_signals, &number) != 0) {
    }
    return number;
}

std::optional<int> SignalQueue::waitFor(std::chrono::milliseconds time) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(time - seconds);
    const timespec limit{static_cast<time_t>(seconds.count()), static_cast<long>(rest.count())};
    const int number = sigtimedwait(&_signals, nullptr, &limit);
    return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace changebank::daemon
