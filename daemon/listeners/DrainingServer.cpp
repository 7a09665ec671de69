#include "changebank/daemon/listeners/DrainingServer.h"

#include <pthread.h>

#include <utility>

namespace changebank::daemon {

DrainingServer::DrainingServer(std::shared_ptr<http::HTTPServer> server, ListenerPurpose purpose,
                               std::shared_ptr<const BoundSocket> socket)
    : _server(std::move(server)), _purpose(purpose), _socket(std::move(socket)), _thread([this] {
          ::pthread_setname_np(::pthread_self(), "drain");
          _released.wait();
          if (_hasBegun) run();
      }) {}

DrainingServer::~DrainingServer() {
    if (!_hasBegun) _released.count_down();
}

void DrainingServer::begin() noexcept {
    _hasBegun = true;
    _released.count_down();
}

void DrainingServer::run() {
    _server->stopAccepting();
    closeSocket();
    _server->stopAll(false);
    _isDrained = true;
}

/// The server's own descriptor is closed already; this one would keep the socket listening.
void DrainingServer::closeSocket() {
    std::shared_ptr<const BoundSocket> closed;
    const std::lock_guard lock(_mutex);
    std::swap(_socket, closed);
}

std::shared_ptr<const BoundSocket> DrainingServer::socket() const {
    const std::lock_guard lock(_mutex);
    return _socket;
}

}  // namespace changebank::daemon
