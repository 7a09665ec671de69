#include "changebank/daemon/process/Watchdog.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

using std::chrono::milliseconds;

Watchdog::Watchdog(const ServiceNotification& notification,
                   std::function<bool(milliseconds timeout)> isResponsive)
    : _notification(notification), _isResponsive(std::move(isResponsive)) {
    if (!notification.watchdog()) return;
    const auto half = std::chrono::duration_cast<milliseconds>(*notification.watchdog()) / 2;
    _thread = std::thread([this, interval = std::max(half, milliseconds(1))] {
        ::pthread_setname_np(::pthread_self(), "watchdog");
        watch(interval);
    });
}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(_mutex);
        _stopped = true;
    }
    _changed.notify_all();
    if (_thread.joinable()) _thread.join();
}

void Watchdog::watch(milliseconds interval) {
    do {
        if (_isResponsive(interval / 2)) {
            _notification.alive();
        } else {
            log(Poco::Message::PRIO_CRITICAL,
                "an event loop is stuck; not sending the watchdog's keep-alive");
        }
    } while (!isStoppedAfter(interval / 2));
}

bool Watchdog::isStoppedAfter(milliseconds time) {
    std::unique_lock lock(_mutex);
    return _changed.wait_for(lock, time, [this] { return _stopped; });
}

}  // namespace changebank::daemon
