#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace changebank::http {

/// What a connection is busy with.
enum class ConnectionState {
    ReadingHead,  ///< Its next request's head is not complete; a TLS handshake belongs here.
    ReadingBody,  ///< Its request's body is not complete.
    Handling,     ///< A blocking handler works on its request, or the request is deferred.
    Writing,      ///< An answer waits for the client to read on.
    Idle,         ///< It waits for the next request.
    Closing       ///< Its last answer is sent, the client has not closed.
};
inline constexpr std::size_t connectionStates = 6;

/// What a server did so far; a value.
struct ServerCounters {
    std::array<std::uint64_t, connectionStates> connections{};  ///< Open now, by ConnectionState.
    std::uint64_t accepted = 0;  ///< Connections since the start, including rejected ones.
    std::uint64_t rejected = 0;  ///< Connections beyond maxConnections or maxConnectionsPerClient, or by a
                                 ///< peer that may not talk to the server.
    std::uint64_t acceptFailures = 0;  ///< Times that accepting was put off for want of file descriptors,
                                       ///< memory or epoll watches.
    std::uint64_t requests = 0;        ///< With a response, including parse errors.
    std::uint64_t bytesReceived = 0;   ///< Before TLS.
    std::uint64_t bytesSent = 0;       ///< Before TLS.

    std::uint64_t operator[](ConnectionState state) const {
        return connections[static_cast<std::size_t>(state)];
    }
    friend bool operator==(const ServerCounters&, const ServerCounters&) = default;

    std::uint64_t open() const {
        std::uint64_t sum = 0;
        for (const auto count : connections)
            sum += count;
        return sum;
    }
    ServerCounters& operator+=(const ServerCounters& other) {
        for (std::size_t i = 0; i < connections.size(); ++i)
            connections[i] += other.connections[i];
        accepted += other.accepted;
        rejected += other.rejected;
        acceptFailures += other.acceptFailures;
        requests += other.requests;
        bytesReceived += other.bytesReceived;
        bytesSent += other.bytesSent;
        return *this;
    }
};

/// The counters of one event loop: that loop alone writes, any thread may read.
class ConnectionCounters {
public:
    /// A number with one writer, which needs no locked instruction to add.
    class Count {
    public:
        void add(std::uint64_t amount) {
            _value.store(_value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
        }
        void subtract(std::uint64_t amount) { add(~amount + 1); }
        std::uint64_t get() const { return _value.load(std::memory_order_relaxed); }

    private:
        std::atomic<std::uint64_t> _value{0};
    };

    Count& of(ConnectionState state) { return _connections[static_cast<std::size_t>(state)]; }

    Count accepted;
    Count rejected;
    Count acceptFailures;
    Count requests;
    Count bytesReceived;
    Count bytesSent;

    ServerCounters snapshot() const {
        ServerCounters result;
        for (std::size_t i = 0; i < _connections.size(); ++i)
            result.connections[i] = _connections[i].get();
        result.accepted = accepted.get();
        result.rejected = rejected.get();
        result.acceptFailures = acceptFailures.get();
        result.requests = requests.get();
        result.bytesReceived = bytesReceived.get();
        result.bytesSent = bytesSent.get();
        return result;
    }

private:
    std::array<Count, connectionStates> _connections;
};

}  // namespace changebank::http
