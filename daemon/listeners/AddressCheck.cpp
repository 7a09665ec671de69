#include "changebank/daemon/listeners/AddressCheck.h"

#include <Poco/Exception.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/FileDescriptor.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/settings/files/FileAccess.h"

namespace changebank::daemon {

using Poco::Net::SocketAddress;

namespace {

/// Why a Unix socket cannot be made at a path, if so, as the end of a sentence.
std::optional<std::string> faultOfPath(const std::string& path, std::string_view setting) {
    constexpr auto maxLength = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() > maxLength)
        return "the path of a socket has at most " + std::to_string(maxLength) + " bytes, this one has " +
               std::to_string(path.size());
    const auto folder = path.substr(0, path.rfind('/') + 1);
    if (::access(folder.c_str(), F_OK) != 0)
        return "the folder " + inQuotes(folder) + " is missing; create the folder or set " +
               std::string(setting);
    if (auto why = faultOfFolder(path)) return why;
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISSOCK(status.st_mode))
        return std::string("another file is in its place; remove it or set another path");
    return std::nullopt;
}

/// Why a port of that host cannot be bound, if so.
std::optional<std::string> faultOfHost(const SocketAddress& address) {
    const SocketAddress anyPort(address.host(), 0);
    const FileDescriptor socket(::socket(address.af(), SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket && ::bind(socket.get(), anyPort.addr(), anyPort.length()) == 0) return std::nullopt;
    return errnoText();
}

/// The address of a TCP listener; std::nullopt for none, port 0 or a host that does not resolve.
std::optional<SocketAddress> fixedAddressOf(ListenerPurpose purpose, const Settings& settings) {
    const auto address = addressOf(purpose, settings);
    if (!address || address->isUnix() || *address->port == 0) return std::nullopt;
    try {
        return address->resolved();
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

/// `::` takes the addresses of IPv4 as well.
bool takes(const SocketAddress& listener, const SocketAddress& address) {
    if (listener.host() == address.host()) return true;
    return listener.host().isWildcard() &&
           (listener.family() == SocketAddress::IPv6 || listener.family() == address.family());
}

bool areInConflict(const std::optional<SocketAddress>& one, const std::optional<SocketAddress>& other) {
    return one && other && one->port() == other->port() && (takes(*one, *other) || takes(*other, *one));
}

/// The listener that takes an address already, among those that come before this one.
std::optional<ListenerPurpose> conflictOf(ListenerPurpose purpose, const Settings& settings) {
    for (const auto other : listenerPurposes) {
        if (other == purpose) break;
        if (areInConflict(fixedAddressOf(other, settings), fixedAddressOf(purpose, settings))) return other;
    }
    return std::nullopt;
}

std::string hostSettingOf(ListenerPurpose purpose, const Settings& settings) {
    if (purpose == ListenerPurpose::api) return "server.host";
    return purpose == ListenerPurpose::metrics ? "metrics.host" : std::string(settingOf(purpose, settings));
}

}  // namespace

std::optional<AddressFault> faultOfAddress(ListenerPurpose purpose, const Settings& settings) {
    const auto address = addressOf(purpose, settings);
    if (!address) return std::nullopt;
    const auto because = [&](std::string key, const std::string& why) {
        return AddressFault{std::move(key), "cannot listen on " + address->toText() + ": " + why};
    };
    if (address->isUnix()) {
        const auto why = faultOfPath(address->host, settingOf(purpose, settings));
        return why ? std::optional(because(std::string(settingOf(purpose, settings)), *why)) : std::nullopt;
    }
    try {
        if (const auto why = faultOfHost(address->resolved()))
            return because(hostSettingOf(purpose, settings), *why);
    } catch (const Poco::Exception& error) {
        return because(hostSettingOf(purpose, settings), "the host does not resolve: " + error.displayText());
    }
    if (const auto other = conflictOf(purpose, settings))
        return because(std::string(settingOf(purpose, settings)),
                       std::string(settingOf(*other, settings)) + " has the same address");
    return std::nullopt;
}

bool mayBeMissing(ListenerPurpose purpose, const Settings& settings) noexcept {
    return purpose == ListenerPurpose::admin && !settings.admin.isRequired;
}

}  // namespace changebank::daemon
