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

}  // namespace changebank::daemon
