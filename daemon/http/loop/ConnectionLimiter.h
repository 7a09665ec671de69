#pragma once

#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "changebank/daemon/http/loop/ServerLimits.h"

namespace changebank::http {

/// Limits open connections in total and per client. Usable from any thread.
class ConnectionLimiter {
public:
    /// With maxConnections, maxConnectionsPerClient and ipv6ClientPrefix.
    explicit ConnectionLimiter(const ServerLimits& limits);
    /// Without a limit per client.
    explicit ConnectionLimiter(std::size_t maxTotal);

    /// Applies to later calls of admit(); existing slots stay and count.
    void setLimits(const ServerLimits& limits);

    /// One counted connection, until it is destroyed. The limiter must outlive it.
    class Slot {
    public:
        Slot(Slot&& other) noexcept;
        Slot& operator=(Slot&&) = delete;
        ~Slot();

    private:
        friend class ConnectionLimiter;
        Slot(ConnectionLimiter& limiter, std::string client);

        ConnectionLimiter* _limiter;
        std::string _client;
    };

    /// A slot for a connection from this address; nothing if a limit is reached. An IPv4 address counts as
    /// the same client if it is mapped to IPv6 (RFC 4291 section 2.5.5.2). Clients of Unix sockets count in
    /// the total only.
    std::optional<Slot> admit(const Poco::Net::SocketAddress& client);

private:
    std::string clientOf(const Poco::Net::SocketAddress& address) const;
    bool admitClient(const std::string& client);
    void release(const std::string& client);

    std::atomic<std::size_t> _maxTotal;
    std::atomic<std::size_t> _maxPerClient{0};
    std::atomic<unsigned> _ipv6Prefix{128};
    std::atomic<std::size_t> _total{0};
    std::mutex _mutex;
    std::unordered_map<std::string, std::size_t> _clients;
};

}  // namespace changebank::http
