#include "changebank/daemon/listeners/ListenerSockets.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <variant>

#include "changebank/daemon/http/socket/Listener.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

namespace {

using Binding = std::variant<std::shared_ptr<const BoundSocket>, AddressFault>;

std::string reasonOf(const Poco::Exception& error, const ListenerAddress& address, std::string_view setting) {
    if (!address.isUnix() || error.code() != EADDRINUSE) return error.displayText();
    return "another process listens there, perhaps another changebankd; stop it or set " +
           std::string(setting) + " to another path";
}

Binding bound(ListenerPurpose purpose, const ListenerAddress& address, const Settings& settings) {
    if (auto fault = faultOfAddress(purpose, settings)) return std::move(*fault);
    try {
        auto socket = std::make_shared<BoundSocket>(BoundSocket{address, http::listenOn(address.resolved())});
        if (address.isUnix()) socket->file = std::make_unique<const SocketFile>(address.host);
        return socket;
    } catch (const Poco::Exception& error) {
        return AddressFault{std::string(settingOf(purpose, settings)),
                            "cannot listen on " + address.toText() + ": " +
                                reasonOf(error, address, settingOf(purpose, settings))};
    }
}

/// Whether a socket already listens on that address, including port 0 that became the port now configured.
bool fits(const BoundSocket& current, const ListenerAddress& address) {
    if (current.address == address) return true;
    try {
        return !address.isUnix() && current.socket.address() == address.resolved();
    } catch (const Poco::Exception&) {
        return false;
    }
}

/// Removes and returns the socket that listens on that address, if there is one. Port 0 means a new one.
std::shared_ptr<const BoundSocket> takenFrom(std::vector<std::shared_ptr<const BoundSocket>>& retired,
                                             const ListenerAddress& address) {
    if (address.port == 0) return nullptr;
    const auto found = std::find_if(retired.begin(), retired.end(),
                                    [&](const auto& socket) { return fits(*socket, address); });
    if (found == retired.end()) return nullptr;
    auto socket = std::move(*found);
    retired.erase(found);
    return socket;
}

ListenerPurpose purposeOf(const std::string& name) {
    const auto* const found = std::find_if(listenerPurposes.begin(), listenerPurposes.end(),
                                           [&](const auto purpose) { return name == nameOf(purpose); });
    return found == listenerPurposes.end() ? ListenerPurpose::api : *found;
}

}  // namespace

ListenerSockets ListenerSockets::from(const std::vector<PassedListener>& passed) {
    ListenerSockets sockets;
    for (const auto& each : passed) {
        auto& place = sockets.at(purposeOf(each.name));
        if (!place) place = std::make_shared<const BoundSocket>(BoundSocket{{}, each.socket, nullptr, true});
    }
    return sockets;
}

ListenerSockets ListenerSockets::rebound(const Settings& settings, std::vector<AddressFault>& faults) const {
    ListenerSockets next;
    auto retired = _retired;
    for (const auto purpose : listenerPurposes) {
        const auto& current = of(purpose);
        if (current && current->isPassed) {
            next.at(purpose) = current;
            continue;
        }
        const auto address = addressOf(purpose, settings);
        if (!address) continue;
        const auto held = current && fits(*current, *address) ? current : takenFrom(retired, *address);
        auto binding = held ? Binding(held) : bound(purpose, *address, settings);
        if (auto* fault = std::get_if<AddressFault>(&binding)) {
            if (mayBeMissing(purpose, settings)) {
                log(Poco::Message::PRIO_WARNING, fault->why + "; changebankctl cannot reach this daemon");
            } else {
                faults.push_back(std::move(*fault));
            }
        } else {
            next.at(purpose) = std::get<0>(std::move(binding));
        }
    }
    return next;
}

std::vector<ListenerPurpose> ListenerSockets::ignoredByActivation(const Settings& before,
                                                                  const Settings& after) const {
    std::vector<ListenerPurpose> purposes;
    for (const auto purpose : listenerPurposes) {
        const auto& socket = of(purpose);
        if (socket && socket->isPassed && addressOf(purpose, before) != addressOf(purpose, after))
            purposes.push_back(purpose);
    }
    return purposes;
}

}  // namespace changebank::daemon
