#pragma once

#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// Limits open connections in total, and connections and proxied requests per client. Usable from any thread.
class ConnectionLimiter {
public:
    /// With maxConnections, maxConnectionsPerClient and ipv6ClientPrefix.
    explicit ConnectionLimiter(const ServerLimits& limits);
    /// Without a limit per client.
    explicit ConnectionLimiter(std::size_t maxTotal);

    /// Applies to later calls of admit(); existing slots stay and count.
    void setLimits(const ServerLimits& limits);

    /// Keeps a connection or a request counted for its client, until this is destroyed or another share is
    /// assigned to it. One that is made by default counts for nobody. The limiter must outlive it.
    class Share {
    public:
        Share() = default;
        Share(Share&& other) noexcept;
        Share& operator=(Share&& other) noexcept;
        ~Share();

    private:
        friend class ConnectionLimiter;
        Share(ConnectionLimiter& limiter, std::string client);

        ConnectionLimiter* _limiter = nullptr;
        std::string _client;
    };

    /// One connection, counted in total until this is destroyed or assigned to. The limiter must outlive it.
    class Slot {
    public:
        Slot(Slot&& other) noexcept;
        Slot& operator=(Slot&& other) noexcept;
        ~Slot();

        /// Makes the connection count for that client, instead of the one before.
        void countFor(Share share) noexcept { _share = std::move(share); }

    private:
        friend class ConnectionLimiter;
        explicit Slot(ConnectionLimiter& limiter) : _limiter(&limiter) {}

        ConnectionLimiter* _limiter;
        Share _share;
    };

    /// A slot for a connection from this address; nothing if a limit is reached. An IPv4 address counts as
    /// the same client if it is mapped to IPv6 (RFC 4291 section 2.5.5.2). Clients of Unix sockets count in
    /// the total only.
    std::optional<Slot> admit(const Poco::Net::SocketAddress& client);

    /// A slot for a connection that counts for no client yet.
    std::optional<Slot> admitProxy();

    /// Counts a connection through a proxy for its client, who is told apart from others as by admit();
    /// nothing if that client's limit is reached.
    std::optional<Share> admitConnection(const Poco::Net::SocketAddress& client);

    /// The same for a request through a proxy; without a limit it counts for nobody.
    std::optional<Share> admitRequest(const Poco::Net::SocketAddress& client);

private:
    std::string clientOf(const Poco::Net::SocketAddress& address) const;
    bool admitClient(const std::string& client);
    void release(const std::string& client) noexcept;

    std::atomic<std::size_t> _maxTotal;
    std::atomic<std::size_t> _maxPerClient{0};
    std::atomic<unsigned> _ipv6Prefix{128};
    std::atomic<std::size_t> _total{0};
    std::mutex _mutex;
    std::unordered_map<std::string, std::size_t> _clients;
};

}  // namespace changebank::http
