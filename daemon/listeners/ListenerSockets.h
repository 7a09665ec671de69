#pragma once

#include <Poco/Net/ServerSocket.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "changebank/daemon/listeners/AddressCheck.h"
#include "changebank/daemon/listeners/ListenerPurpose.h"
#include "changebank/daemon/listeners/SocketFile.h"
#include "changebank/daemon/process/SocketActivation.h"

namespace changebank::daemon {

/// A listening socket and the address in the settings for which it was bound. Destruction closes it and
/// removes the file of a Unix socket.
struct BoundSocket {
    ListenerAddress address;
    Poco::Net::ServerSocket socket;
    /// The file of a Unix socket that this process created; otherwise nullptr.
    std::unique_ptr<const SocketFile> file{};
    /// Passed by the service manager, which determines its address.
    bool isPassed = false;
};

/// The daemon's listening sockets, at most one per purpose. A value: copies share the sockets, and the last
/// copy closes them.
class ListenerSockets {
public:
    /// Adopts passed sockets: the one named "admin" is the admin socket, "metrics" the metrics listener,
    /// "revocation" that of FusionAuth's webhook, "decision" the decision endpoint, and the first with any
    /// other name the API. They stay in use whatever the settings are.
    static ListenerSockets from(const std::vector<PassedListener>& passed);

    /// The sockets for other settings: keeps those whose address matches and binds the others. Adds a fault
    /// for each failure, except for a default admin socket, which is logged and left out.
    ListenerSockets rebound(const Settings& settings, std::vector<AddressFault>& faults) const;

    /// Adds a TCP socket of a replaced listener that listens still, for rebound() to find.
    void addRetired(std::shared_ptr<const BoundSocket> socket) { _retired.push_back(std::move(socket)); }

    /// Closes the socket, unless another copy has it.
    void close(ListenerPurpose purpose) { at(purpose).reset(); }

    /// nullptr if there is none.
    const std::shared_ptr<const BoundSocket>& of(ListenerPurpose purpose) const {
        return _sockets[static_cast<std::size_t>(purpose)];
    }

    /// The purposes of activated sockets whose configured address has changed (the change has no effect).
    std::vector<ListenerPurpose> ignoredByActivation(const Settings& before, const Settings& after) const;

private:
    std::shared_ptr<const BoundSocket>& at(ListenerPurpose purpose) {
        return _sockets[static_cast<std::size_t>(purpose)];
    }

    std::array<std::shared_ptr<const BoundSocket>, listenerPurposes.size()> _sockets;
    std::vector<std::shared_ptr<const BoundSocket>> _retired;
};

}  // namespace changebank::daemon
