#include "changebank/daemon/http/socket/Listener.h"

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/StreamSocket.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <limits>
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

bool refuseConnections(const Poco::Net::ServerSocket& socket) {
    const int descriptor = socket.impl()->sockfd();
    if (socket.address().family() == Poco::Net::SocketAddress::UNIX_LOCAL)
        return ::shutdown(descriptor, SHUT_RD) == 0;
    // shutdown() would reset the queue, and listen() with a backlog of 0 leaves room for one connection.
    constexpr std::uint32_t flags = 13;  // RFC 9293 section 3.1
    constexpr std::uint32_t syn = 0x02;
    constexpr std::uint32_t ack = 0x10;
    std::array<sock_filter, 5> program{{
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, flags),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, syn | ack),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, syn, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, std::numeric_limits<std::uint32_t>::max()),
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) == 0;
}

void admitConnections(const Poco::Net::ServerSocket& socket) {
    const int ignored = 0;
    ::setsockopt(socket.impl()->sockfd(), SOL_SOCKET, SO_DETACH_FILTER, &ignored, sizeof(ignored));
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
