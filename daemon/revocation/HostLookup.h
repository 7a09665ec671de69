#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Looks the addresses of a host up. The system's resolver can take long and cannot be stopped, so a name is
/// looked up on a thread of its own, which is left alone if nobody wants to wait for it any longer.
class HostLookup {
public:
    struct Address {
        sockaddr_storage storage{};
        socklen_t size = 0;
    };
    struct Failure {
        std::string why;
    };
    using Result = std::variant<std::vector<Address>, Failure>;

    /// Begins. Throws std::system_error if there is no thread or descriptor for it.
    HostLookup(std::string host, std::uint16_t port);

    /// Readable, for poll(2), once there is a result.
    int descriptor() const noexcept;
    /// The result; call it when the descriptor is readable. There is one address at least.
    Result result() const;

private:
    struct State;
    std::shared_ptr<State> _state;
};

}  // namespace changebank::daemon
