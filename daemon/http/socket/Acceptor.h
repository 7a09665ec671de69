#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <memory>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/socket/Endpoints.h"

namespace changebank::http {

/// A connection that was accepted and belongs to no event loop yet. The socket does not block.
struct AcceptedSocket {
    FileDescriptor socket;
    std::shared_ptr<const Endpoints> endpoints;
};

/// Accepts connections on a listening socket that others own and may accept on too.
class Acceptor {
public:
    enum class Outcome {
        Accepted,
        Nothing,   ///< Nobody waits.
        Exhausted  ///< No file descriptor or memory for one more; those who wait go on waiting.
    };

    /// The socket must listen and stay open as long as this is used. Makes it non-blocking, and its
    /// connections send at once (TCP_NODELAY).
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
