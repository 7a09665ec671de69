#pragma once

#include <atomic>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>

#include "changebank/daemon/http/HTTPServer.h"
#include "changebank/daemon/listeners/ListenerSockets.h"

namespace changebank::daemon {

/// Drains a replaced server on its own thread. The thread exists from the start, so that begin() cannot fail.
/// Thread-safe.
class DrainingServer {
public:
    /// Only begin() does something to the server. Throws std::system_error if there is no thread.
    DrainingServer(std::shared_ptr<http::HTTPServer> server, ListenerPurpose purpose,
                   std::shared_ptr<const BoundSocket> socket);

    /// Waits until the server is drained; after HTTPServer::stopAll(true) that is at once.
    ~DrainingServer();

    DrainingServer(const DrainingServer&) = delete;
    DrainingServer& operator=(const DrainingServer&) = delete;

    /// Starts draining; call it once.
    void begin() noexcept;

    bool isDrained() const noexcept { return _isDrained; }

    /// The listening socket; nullptr once the server has stopped accepting.
    std::shared_ptr<const BoundSocket> socket() const;

    const std::shared_ptr<http::HTTPServer>& server() const noexcept { return _server; }
    ListenerPurpose purpose() const noexcept { return _purpose; }

private:
    void run();
    void closeSocket();

    const std::shared_ptr<http::HTTPServer> _server;
    const ListenerPurpose _purpose;
    mutable std::mutex _mutex;
    std::shared_ptr<const BoundSocket> _socket;
    std::latch _released{1};
    std::atomic<bool> _hasBegun{false};
    std::atomic<bool> _isDrained{false};
    /// Declared last, so that it ends first.
    std::jthread _thread;
};

}  // namespace changebank::daemon
