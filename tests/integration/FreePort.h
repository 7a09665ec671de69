#pragma once

#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace changebank::tests {

/// A port that is free, below those that the kernel gives to clients, so that none of them takes it.
inline std::uint16_t freePort() {
    static std::uint16_t next = static_cast<std::uint16_t>(20000 + ::getpid() % 10000);
    while (next < 32000) {
        try {
            Poco::Net::ServerSocket socket;
            socket.bind(Poco::Net::SocketAddress("127.0.0.1", next++));
            return socket.address().port();
        } catch (const Poco::Net::NetException&) {
            continue;
        }
    }
    throw std::runtime_error("no free port");
}

}  // namespace changebank::tests
