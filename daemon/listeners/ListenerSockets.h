#pragma once

#include <Poco/Net/ServerSocket.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "changebank/daemon/listeners/ListenerAddress.h"
#include "changebank/daemon/listeners/SocketFile.h"
#include "changebank/daemon/process/SocketActivation.h"

namespace changebank::daemon {

/// A bound, listening socket, and the address in the settings that it was bound for. Closed, and the file of
/// a Unix socket removed, with the object.
struct BoundSocket {
    ListenerAddress address;
    Poco::Net::ServerSocket socket;
    /// nullptr for what is no Unix socket of our own.
    std::unique_ptr<const SocketFile> file{};
    /// The service manager passed it, so that its address is the manager's affair.
    bool isPassed = false;
};

/// The listening sockets of the daemon, one for each purpose that has any. A value: copies share the sockets,
/// which are closed with the last of them.
class ListenerSockets {
public:
    /// An address that cannot be listened on.
    struct Fault {
        ListenerPurpose purpose;
        std::string why;
    };

    /// Those of `passed` that are ours: the one of the name "admin" is the admin socket, "metrics" the
    /// metrics' one, and the first of any other name the API's. They stay, whatever settings say.
    static ListenerSockets from(const std::vector<PassedListener>& passed);

    /// The sockets for other settings: those that fit are kept, the others are bound. Adds a fault for each
    /// that cannot be; an admin socket that nobody asked for by name is logged instead, and left out.
    ListenerSockets rebound(const Settings& settings, std::vector<Fault>& faults) const;

    /// nullptr where there is none.
    const std::shared_ptr<const BoundSocket>& of(ListenerPurpose purpose) const {
        return _sockets[static_cast<std::size_t>(purpose)];
    }

    /// The purposes whose sockets were passed although the settings name an address that is another than in
    /// `before`.
    std::vector<ListenerPurpose> ignoredByActivation(const Settings& before, const Settings& after) const;

private:
    std::shared_ptr<const BoundSocket>& at(ListenerPurpose purpose) {
        return _sockets[static_cast<std::size_t>(purpose)];
    }

    std::array<std::shared_ptr<const BoundSocket>, listenerPurposes.size()> _sockets;
};

}  // namespace changebank::daemon
