#pragma once

#include <Poco/Net/SocketAddress.h>

#include "daemon/http/FileDescriptor.h"

namespace changebank::http {

/// A connection that was accepted and belongs to no event loop yet. The socket does not block.
struct AcceptedSocket {
    FileDescriptor socket;
    Poco::Net::SocketAddress client;  ///< With an empty path for a client of a Unix socket.
    Poco::Net::SocketAddress server;
};

/// Accepts connections on a listening socket that others own and may accept on too.
class Acceptor {
public:
    enum class Outcome {
        Accepted,
        Nothing,   ///< Nobody waits.
        Exhausted  ///< No file descriptor or memory for one more; those who wait go on waiting.
    };

    Acceptor(int listener, Poco::Net::SocketAddress address);

    int listener() const { return _listener; }
    Outcome accept(AcceptedSocket& accepted) const;

private:
    Poco::Net::SocketAddress localAddress(int socket) const;

    int _listener;
    Poco::Net::SocketAddress _address;
    bool _isWildcard;
};

}  // namespace changebank::http
