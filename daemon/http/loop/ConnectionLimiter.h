#pragma once

#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace changebank::http {

/// Counts connections, in all and by client address, and says when there are enough. Usable from any thread.
class ConnectionLimiter {
public:
    /// `maxPerClient` 0 is any number.
    ConnectionLimiter(std::size_t maxTotal, std::size_t maxPerClient);

    /// Applies to whoever asks for a place from now on; places that are taken stay taken, and count.
    void setLimits(std::size_t maxTotal, std::size_t maxPerClient);

    /// One counted connection; gives its place back when destroyed. The limiter must outlive it.
    class Place {
    public:
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        friend class ConnectionLimiter;
        Place(ConnectionLimiter& limiter, std::string client);

        ConnectionLimiter* _limiter;
        std::string _client;
    };

    /// A place for a connection from this address, or nothing if there is none left. Clients of Unix sockets
    /// are counted in all only.
    std::optional<Place> admit(const Poco::Net::SocketAddress& client);

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
