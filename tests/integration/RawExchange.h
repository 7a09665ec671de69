#pragma once

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <array>
#include <cstdint>
#include <string>

namespace changebank::tests {

/// Sends octets as they are and returns everything that comes back until the server closes the connection.
inline std::string rawExchange(std::uint16_t port, const std::string& octets) {
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
    socket.setReceiveTimeout(Poco::Timespan(30, 0));
    socket.sendBytes(octets.data(), static_cast<int>(octets.size()));
    std::string answer;
    std::array<char, 4096> buffer{};
    try {
        for (int received = 0;
             (received = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
            answer.append(buffer.data(), static_cast<std::size_t>(received));
        }
    } catch (const Poco::Net::ConnectionResetException&) {
        // A server that closes with octets unread resets the connection; what came before counts.
    }
    return answer;
}

/// How many answers a stream of octets holds.
inline int answersIn(const std::string& octets) {
    int count = 0;
    for (auto at = octets.find("HTTP/1."); at != std::string::npos; at = octets.find("HTTP/1.", at + 1))
        ++count;
    return count;
}

}  // namespace changebank::tests
