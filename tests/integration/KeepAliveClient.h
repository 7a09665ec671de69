#pragma once

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace changebank::tests {

/// One connection that is kept as long as the server lets it, and opened again when it said that it closes. A
/// connection that ends without that word, or in the middle of an answer, is an exception: nothing is tried
/// again in silence.
class KeepAliveClient {
public:
    /// Connections go to the first of the ports on which somebody listens, as from a balancer that knows them
    /// all.
    explicit KeepAliveClient(std::vector<std::uint16_t> ports) : _ports(std::move(ports)) {}
    explicit KeepAliveClient(std::uint16_t port) : KeepAliveClient(std::vector{port}) {}

    /// GETs the target with more header lines, each ending with CRLF, and returns the status.
    int get(const std::string& target, const std::string& headers = {}) {
        const auto request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
        const auto head = headOfAnswerTo(request);
        const auto length = std::stoul(field(head, "content-length:"));
        while (_received.size() < length)
            receive();
        _received.erase(0, length);
        if (field(head, "connection:") == "close") _socket.reset();
        return std::stoi(head.substr(9, 3));
    }

    /// Whether a connection is open, as far as the server has said.
    bool isConnected() const { return _socket.has_value(); }

    /// Connections opened so far.
    int connections() const { return _connections; }

private:
    std::string headOfAnswerTo(const std::string& request) {
        // Nothing is under way, so that what can be read is the end: closed while idle, before this request.
        if (_socket && _socket->poll(Poco::Timespan(0), Poco::Net::Socket::SELECT_READ)) _socket.reset();
        if (_socket) return exchange(request);
        for (auto port = _ports.begin();; ++port) {
            try {
                _received.clear();
                _socket.emplace(Poco::Net::SocketAddress("127.0.0.1", *port));
                break;
            } catch (const Poco::Net::ConnectionRefusedException&) {
                _socket.reset();
                if (port + 1 == _ports.end()) throw;
            }
        }
        _socket->setReceiveTimeout(Poco::Timespan(30, 0));
        ++_connections;
        return exchange(request);
    }

    std::string exchange(const std::string& request) {
        _socket->sendBytes(request.data(), static_cast<int>(request.size()));
        return receiveUntil("\r\n\r\n");
    }

    void receive() {
        std::array<char, 4096> buffer{};
        const int count = _socket->receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
        if (count <= 0) throw std::runtime_error("the connection ended without a word");
        _received.append(buffer.data(), static_cast<std::size_t>(count));
    }

    std::string receiveUntil(const std::string& end) {
        std::size_t at = 0;
        while ((at = _received.find(end)) == std::string::npos)
            receive();
        auto text = _received.substr(0, at + end.size());
        _received.erase(0, at + end.size());
        return text;
    }

    static std::string field(const std::string& head, const std::string& name) {
        const auto lower = Poco::toLower(head);
        const auto at = lower.find("\r\n" + name);
        if (at == std::string::npos) return {};
        const auto begin = at + 2 + name.size();
        return Poco::trim(lower.substr(begin, lower.find("\r\n", begin) - begin));
    }

    std::vector<std::uint16_t> _ports;
    std::optional<Poco::Net::StreamSocket> _socket;
    std::string _received;
    int _connections = 0;
};

}  // namespace changebank::tests
