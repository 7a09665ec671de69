#include "changebank/daemon/http/socket/Listener.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace changebank::http {

namespace {

constexpr int backlog = 4096;

/// ServerSocket::fromFileDescriptor() came with POCO 1.13.
class AdoptedSocketImpl : public Poco::Net::ServerSocketImpl {
public:
    explicit AdoptedSocketImpl(int descriptor) { reset(descriptor); }
};

class AdoptedSocket : public Poco::Net::ServerSocket {
public:
    explicit AdoptedSocket(int descriptor)
        : Poco::Net::ServerSocket(new AdoptedSocketImpl(descriptor), true) {}
};

bool isListeningStream(int descriptor) {
    int type = 0;
    int listening = 0;
    socklen_t length = sizeof(int);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0 || type != SOCK_STREAM)
        return false;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening != 0;
}

void removeStaleFile(const Poco::Net::SocketAddress& address) {
    const auto path = address.toString();
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return;
    try {
        const Poco::Net::StreamSocket probe(address);
    } catch (const Poco::Net::ConnectionRefusedException&) {
        ::unlink(path.c_str());
    }
}

}  // namespace

Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address) {
    if (address.family() == Poco::Net::SocketAddress::UNIX_LOCAL) removeStaleFile(address);
    Poco::Net::ServerSocket socket;
    socket.bind(address, /*reuseAddress=*/true, /*reusePort=*/false);
    socket.listen(backlog);
    ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
    return socket;
}

Poco::Net::ServerSocket adoptListener(int descriptor) {
    if (!isListeningStream(descriptor)) {
        throw Poco::Net::NetException("descriptor " + std::to_string(descriptor) +
                                      " is not a listening stream socket");
    }
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return AdoptedSocket(descriptor);
}

}  // namespace changebank::http
