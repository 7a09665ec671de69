#include "changebank/daemon/listeners/ListenerSockets.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <utility>

#include "changebank/daemon/http/socket/Listener.h"
#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

namespace {

std::shared_ptr<const BoundSocket> bound(const ListenerAddress& address) {
    auto socket = std::make_shared<BoundSocket>(BoundSocket{address, http::listenOn(address.resolved())});
    if (address.isUnix()) socket->file = std::make_unique<const SocketFile>(address.host);
    return socket;
}

/// Whether a socket already listens on that address, including port 0 that became the port now configured.
bool fits(const BoundSocket& current, const ListenerAddress& address) {
    return current.address == address ||
           (!address.isUnix() && current.socket.address() == address.resolved());
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
    for (const auto purpose : {ListenerPurpose::admin, ListenerPurpose::metrics}) {
        if (name == nameOf(purpose)) return purpose;
    }
    return ListenerPurpose::api;
}

bool mayBeMissing(ListenerPurpose purpose, const Settings& settings) {
    return purpose == ListenerPurpose::admin && !settings.admin.isRequired;
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

ListenerSockets ListenerSockets::rebound(const Settings& settings, std::vector<Fault>& faults) const {
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
        try {
            auto held = current && fits(*current, *address) ? current : takenFrom(retired, *address);
            next.at(purpose) = held ? std::move(held) : bound(*address);
        } catch (const Poco::Exception& error) {
            auto why = "cannot listen on " + address->toText() + ": " + error.displayText();
            if (mayBeMissing(purpose, settings)) {
                log(Poco::Message::PRIO_WARNING,
                    why + "; changebankctl cannot reach this daemon; create the folder or set admin.socket");
            } else {
                faults.push_back({purpose, std::move(why)});
            }
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
