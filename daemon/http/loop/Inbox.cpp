#include "changebank/daemon/http/loop/Inbox.h"

#include <Poco/Exception.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <new>
#include <utility>

namespace changebank::http {

Inbox::Inbox() : _wakeUp(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (_wakeUp.get() < 0) throw Poco::SystemException("cannot make an event loop", errno);
}

void Inbox::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(_wakeUp.get(), &one, sizeof(one));
}

void Inbox::adopt(AcceptedSocket accepted) {
    {
        const std::lock_guard lock(_mutex);
        _contents.accepted.push_back(std::move(accepted));
    }
    wake();
}

void Inbox::complete(std::unique_ptr<Exchange> exchange) noexcept {
    bool first = false;
    {
        const std::lock_guard lock(_mutex);
        first = _contents.completed == nullptr;
        auto& place = first ? _contents.completed : _lastCompleted->next;
        _lastCompleted = exchange.get();
        place = std::move(exchange);
    }
    if (first) wake();
}

void Inbox::resume(std::uint64_t suspension) noexcept {
    bool first = false;
    try {
        const std::lock_guard lock(_mutex);
        first = _contents.resumed.empty();
        _contents.resumed.push_back(suspension);
    } catch (const std::bad_alloc&) {
        // The request's deadline resumes it.
        return;
    }
    if (first) wake();
}

std::future<void> Inbox::ping() {
    std::promise<void> taken;
    auto future = taken.get_future();
    {
        const std::lock_guard lock(_mutex);
        if (_isClosed) {
            taken.set_value();
        } else {
            _contents.pings.push_back(std::move(taken));
        }
    }
    wake();
    return future;
}

Inbox::Contents Inbox::take() {
    const std::lock_guard lock(_mutex);
    return std::exchange(_contents, {});
}

void Inbox::close() {
    const std::lock_guard lock(_mutex);
    _isClosed = true;
    for (auto& ping : std::exchange(_contents.pings, {}))
        ping.set_value();
}

}  // namespace changebank::http
