#pragma once

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Timespan.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace changebank::tests {

/// A server on a free loopback port that answers every piece that it receives as a script says, whatever
/// Redis would say.
class ScriptedRedis {
public:
    /// The answer's bytes; empty: none yet.
    using Script = std::function<std::string(const std::string& received)>;

    explicit ScriptedRedis(Script script)
        : _script(std::move(script)),
          _listener(Poco::Net::SocketAddress("127.0.0.1", 0)),
          _port(_listener.address().port()),
          _acceptor([this] { accept(); }) {}
    ~ScriptedRedis() {
        _stopping = true;
        _acceptor.join();
        for (auto& connection : _connections)
            connection.join();
    }
    ScriptedRedis(const ScriptedRedis&) = delete;
    ScriptedRedis& operator=(const ScriptedRedis&) = delete;

    unsigned short port() const { return _port; }
    unsigned connections() const { return _accepted; }

    /// Always the same.
    static Script saying(std::string answer) {
        return [answer = std::move(answer)](const std::string&) { return answer; };
    }

private:
    static constexpr long tick = 10'000;  // microseconds between two looks at whether to stop

    void accept() {
        while (!_stopping) {
            if (!_listener.poll(Poco::Timespan(tick), Poco::Net::Socket::SELECT_READ)) continue;
            auto connection = std::make_unique<Poco::Net::StreamSocket>(_listener.acceptConnection());
            ++_accepted;
            _connections.emplace_back([this, owned = std::move(connection)] { serve(*owned); });
        }
    }

    void serve(Poco::Net::StreamSocket& connection) {
        try {
            std::array<char, 65536> buffer{};
            while (!_stopping) {
                if (!connection.poll(Poco::Timespan(tick), Poco::Net::Socket::SELECT_READ)) continue;
                const int size = connection.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
                if (size <= 0) return;
                send(connection, _script(std::string(buffer.data(), static_cast<std::size_t>(size))));
            }
        } catch (const Poco::Exception&) {
            // The client went away.
        }
    }

    void send(Poco::Net::StreamSocket& connection, const std::string& answer) {
        std::string_view rest = answer;
        while (!rest.empty() && !_stopping) {
            if (!connection.poll(Poco::Timespan(tick), Poco::Net::Socket::SELECT_WRITE)) continue;
            const auto part = rest.substr(0, 65536);
            const int sent = connection.sendBytes(part.data(), static_cast<int>(part.size()));
            rest.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    Script _script;
    Poco::Net::ServerSocket _listener;
    unsigned short _port;
    std::atomic<bool> _stopping{false};
    std::atomic<unsigned> _accepted{0};
    std::vector<std::thread> _connections;
    std::thread _acceptor;
};

}  // namespace changebank::tests
