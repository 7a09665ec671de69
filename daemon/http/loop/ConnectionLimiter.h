#pragma once

#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace changebank::http {

/// Limits open connections in total and per client address. Usable from any thread.
class ConnectionLimiter {
public:
    /// `maxPerClient` 0 means unlimited.
    ConnectionLimiter(std::size_t maxTotal, std::size_t maxPerClient);

    /// Applies to later calls of admit(); existing slots stay and count.
    void setLimits(std::size_t maxTotal, std::size_t maxPerClient);

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

    /// A slot for a connection from this address; nothing if a limit is reached. Clients of Unix sockets
    /// count in the total only.
    std::optional<Slot> admit(const Poco::Net::SocketAddress& client);

private:
    bool admitClient(const std::string& client);
    void release(const std::string& client);

    std::atomic<std::size_t> _maxTotal;
    std::atomic<std::size_t> _maxPerClient;
    std::atomic<std::size_t> _total{0};
    std::mutex _mutex;
    std::unordered_map<std::string, std::size_t> _clients;
};

}  // namespace changebank::http
