#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <memory>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/socket/Endpoints.h"

namespace changebank::http {

/// An accepted connection that does not belong to an event loop yet. The socket is non-blocking.
struct AcceptedSocket {
    FileDescriptor socket;
    std::shared_ptr<const Endpoints> endpoints;
};

/// Accepts connections on a listening socket that it shares and does not own.
class Acceptor {
public:
    enum class Outcome {
        Accepted,
        Nothing,   ///< No connection is waiting.
        Exhausted  ///< Out of file descriptors or memory; further connections stay in the kernel's queue.
    };

    /// The socket must listen and stay open while this is used. Makes it non-blocking and sets TCP_NODELAY
    /// for its connections.
    explicit Acceptor(Poco::Net::ServerSocket socket);

    int listener() const { return _listener; }
    Outcome accept(AcceptedSocket& accepted) const;

private:
    Poco::Net::SocketAddress localAddress(int socket) const;

    int _listener;
    Poco::Net::SocketAddress _address;
    bool _isUnix = false;
    bool _isWildcard = false;
};

}  // namespace changebank::http
