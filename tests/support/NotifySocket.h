#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace changebank::tests {

/// What a service manager listens on: a datagram socket at a path or, where the name begins with @, at an
/// abstract one.
class NotifySocket {
public:
    explicit NotifySocket(std::string name) : _socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (name.front() == '@') name.front() = '\0';
        std::copy(name.begin(), name.end(), address.sun_path);
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        BOOST_REQUIRE(::bind(_socket, reinterpret_cast<const sockaddr*>(&address), length) == 0);
        const timeval limit{30, 0};
        ::setsockopt(_socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    }
    ~NotifySocket() { ::close(_socket); }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    /// The next message; empty if none comes in half a minute.
    std::string receive() const {
        std::string message(4096, '\0');
        const auto length = ::recv(_socket, message.data(), message.size(), 0);
        message.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
        return message;
    }

    /// The messages that have come so far, which are then forgotten.
    std::vector<std::string> pending() const {
        std::vector<std::string> messages;
        std::string message(4096, '\0');
        for (ssize_t length = 0;
             (length = ::recv(_socket, message.data(), message.size(), MSG_DONTWAIT)) >= 0;)
            messages.push_back(message.substr(0, static_cast<std::size_t>(length)));
        return messages;
    }

    /// The next message that begins so.
    std::string receive(const std::string& beginning) const {
        while (true) {
            auto message = receive();
            if (message.empty() || message.rfind(beginning, 0) == 0) return message;
        }
    }

private:
    int _socket;
};

}  // namespace changebank::tests
