#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace changebank::http {

/// What a connection is doing.
enum class ConnectionState {
    ReadingHead,  ///< The next request's head is incomplete, or the TLS handshake.
    ReadingBody,  ///< The request's body is incomplete.
    Handling,     ///< The request is with a blocking handler or deferred.
    Suspended,    ///< The request waits for an event, without a thread.
    Writing,      ///< A response waits for the client to read.
    Idle,         ///< Waits for the next request.
    Closing       ///< The last response is sent, the client has not closed.
};
inline constexpr std::size_t connectionStates = 7;

/// A snapshot of a server's counters.
struct ServerCounters {
    std::array<std::uint64_t, connectionStates> connections{};  ///< Open now, by ConnectionState.
    std::uint64_t accepted = 0;  ///< Connections since the start, including rejected ones.
    std::uint64_t rejected = 0;  ///< Connections beyond maxConnections or maxConnectionsPerClient, or of
                                 ///< a peer that is not allowed.
    std::uint64_t withoutProxyHeader = 0;  ///< Connections of trusted proxies closed because they did not
                                           ///< begin with a header of the PROXY protocol, see ProxyTrust.
    std::uint64_t acceptFailures = 0;  ///< Times that accepting paused because file descriptors, memory or
                                       ///< epoll watches ran out.
    std::uint64_t evicted = 0;         ///< Connections closed because of maxConnectionMemory.
    std::uint64_t failed = 0;         ///< Connections closed because of an exception, such as std::bad_alloc.
    std::uint64_t memory = 0;         ///< Bytes that connections hold now, see maxConnectionMemory.
    std::uint64_t requests = 0;       ///< With a response, including parse errors.
    std::uint64_t bytesReceived = 0;  ///< Before TLS.
    std::uint64_t bytesSent = 0;      ///< Before TLS.

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
        withoutProxyHeader += other.withoutProxyHeader;
        acceptFailures += other.acceptFailures;
        evicted += other.evicted;
        failed += other.failed;
        memory += other.memory;
        requests += other.requests;
        bytesReceived += other.bytesReceived;
        bytesSent += other.bytesSent;
        return *this;
    }
};

/// The counters of one event loop: only that loop writes, any thread may read.
class ConnectionCounters {
public:
    /// A number with a single writer, so that adding needs no locked instruction.
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
    Count withoutProxyHeader;
    Count acceptFailures;
    Count evicted;
    Count failed;
    Count requests;
    Count bytesReceived;
    Count bytesSent;

    ServerCounters snapshot() const {
        ServerCounters result;
        for (std::size_t i = 0; i < _connections.size(); ++i)
            result.connections[i] = _connections[i].get();
        result.accepted = accepted.get();
        result.rejected = rejected.get();
        result.withoutProxyHeader = withoutProxyHeader.get();
        result.acceptFailures = acceptFailures.get();
        result.evicted = evicted.get();
        result.failed = failed.get();
        result.requests = requests.get();
        result.bytesReceived = bytesReceived.get();
        result.bytesSent = bytesSent.get();
        return result;
    }

private:
    std::array<Count, connectionStates> _connections;
};

}  // namespace changebank::http
