#include "tests/support/ScriptedKeyServer.h"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>

#include <array>
#include <memory>
#include <utility>

namespace changebank::tests {

namespace {

constexpr long tick = 20'000;  // microseconds between two looks at whether to stop

void sendAll(Poco::Net::StreamSocket& connection, std::string_view text) {
    while (!text.empty()) {
        const int sent = connection.sendBytes(text.data(), static_cast<int>(text.size()));
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

/// Waits; false when the client has gone away meanwhile.
bool pause(Poco::Net::StreamSocket& connection, std::chrono::microseconds duration) {
    if (!connection.poll(Poco::Timespan(duration.count()), Poco::Net::Socket::SELECT_READ)) return true;
    std::array<char, 256> ignored{};
    return connection.receiveBytes(ignored.data(), static_cast<int>(ignored.size())) > 0;
}

}  // namespace

ScriptedKeyServer::ScriptedKeyServer(Script script)
    : _listener(Poco::Net::SocketAddress("127.0.0.1", 0)),
      _port(_listener.address().port()),
      _script(std::move(script)),
      _acceptor([this] { accept(); }) {}

ScriptedKeyServer::~ScriptedKeyServer() {
    _stopping = true;
    _acceptor.join();
    for (auto& connection : _connections)
        connection.join();
}

void ScriptedKeyServer::play(Script script) {
    const std::lock_guard lock(_mutex);
    _script = std::move(script);
}

std::string ScriptedKeyServer::uri() const {
    return "http://127.0.0.1:" + std::to_string(_port) + "/.well-known/jwks.json";
}

std::string ScriptedKeyServer::lastRequestHead() const {
    const std::lock_guard lock(_mutex);
    return _lastRequestHead;
}

void ScriptedKeyServer::accept() {
    while (!_stopping) {
        if (!_listener.poll(Poco::Timespan(tick), Poco::Net::Socket::SELECT_READ)) continue;
        // One owner, so that no two threads count references to one socket.
        auto connection = std::make_unique<Poco::Net::StreamSocket>(_listener.acceptConnection());
        _connections.emplace_back([this, owned = std::move(connection)] { serve(*owned); });
    }
}

void ScriptedKeyServer::serve(Poco::Net::StreamSocket& connection) {
    try {
        std::string head;
        std::array<char, 4096> buffer{};
        while (head.find("\r\n\r\n") == std::string::npos) {
            if (_stopping) return;
            if (!connection.poll(Poco::Timespan(tick), Poco::Net::Socket::SELECT_READ)) continue;
            const int received = connection.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            if (received <= 0) return;
            head.append(buffer.data(), static_cast<std::size_t>(received));
        }
        Script script;
        {
            const std::lock_guard lock(_mutex);
            _lastRequestHead = head;
            script = _script;
        }
        ++_hits;
        script(connection, head);
        connection.shutdownSend();
    } catch (const Poco::Exception&) {
        // The client went away; a script that never ends is left this way.
    }
}

ScriptedKeyServer::Script ScriptedKeyServer::document(std::string body, std::string extraHeaders) {
    return [body = std::move(body), extraHeaders = std::move(extraHeaders)](auto& connection, const auto&) {
        sendAll(connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + extraHeaders +
                                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    };
}

ScriptedKeyServer::Script ScriptedKeyServer::status(int status) {
    return raw("HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: 0\r\n\r\n");
}

ScriptedKeyServer::Script ScriptedKeyServer::raw(std::string octets) {
    return [octets = std::move(octets)](auto& connection, const auto&) { sendAll(connection, octets); };
}

ScriptedKeyServer::Script ScriptedKeyServer::drip(std::chrono::milliseconds between) {
    return [between](auto& connection, const auto&) {
        sendAll(connection, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (pause(connection, between))
            sendAll(connection, " ");
    };
}

ScriptedKeyServer::Script ScriptedKeyServer::silence() {
    return [](auto& connection, const auto&) {
        while (pause(connection, std::chrono::hours(1))) {
        }
    };
}

}  // namespace changebank::tests
