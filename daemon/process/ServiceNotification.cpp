#include "changebank/daemon/process/ServiceNotification.h"

#include <Poco/Environment.h>
#include <Poco/NumberParser.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <ctime>

namespace changebank::daemon {

namespace {

/// Returns a variable's value and removes it from the environment.
std::string taken(const char* name) {
    auto value = Poco::Environment::get(name, "");
    ::unsetenv(name);
    return value;
}

std::optional<std::chrono::microseconds> watchdogOf(const std::string& microseconds,
                                                    const std::string& process) {
    Poco::UInt64 time = 0;
    int id = ::getpid();
    if (!process.empty() && !Poco::NumberParser::tryParse(process, id)) return std::nullopt;
    if (id != ::getpid() || !Poco::NumberParser::tryParseUnsigned64(microseconds, time) || time == 0)
        return std::nullopt;
    return std::chrono::microseconds(static_cast<std::int64_t>(time));
}

long long monotonicMicroseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

}  // namespace

ServiceNotification::ServiceNotification() : _address(taken("NOTIFY_SOCKET")) {
    const auto microseconds = taken("WATCHDOG_USEC");
    _watchdog = watchdogOf(microseconds, taken("WATCHDOG_PID"));
    const bool isKnownKind = _address.starts_with('/') || _address.starts_with('@');
    if (!isKnownKind || _address.size() >= sizeof(sockaddr_un::sun_path)) _address.clear();
    if (_address.empty()) _watchdog.reset();
    if (_address.starts_with('@')) _address.front() = '\0';
    if (isOn()) _socket = FileDescriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

void ServiceNotification::reloading() const {
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonicMicroseconds()) +
         "\nSTATUS=reloading the settings");
}

void ServiceNotification::stopping(std::chrono::milliseconds atMost) const {
    const std::chrono::microseconds time = atMost;
    send("STOPPING=1\nSTATUS=finishing the requests in flight\nEXTEND_TIMEOUT_USEC=" +
         std::to_string(time.count()));
}

void ServiceNotification::send(const std::string& message) const {
    if (_address.empty()) return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(_address.begin(), _address.end(), address.sun_path);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + _address.size());
    // The socket API passes every address as a generic sockaddr.
    ::sendto(_socket.get(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&address), length);  // NOLINT
}

}  // namespace changebank::daemon
