#include "changebank/daemon/listeners/DrainingServer.h"

#include <pthread.h>

#include <utility>

namespace changebank::daemon {

DrainingServer::DrainingServer(std::shared_ptr<http::HTTPServer> server, ListenerPurpose purpose)
    : _server(std::move(server)), _purpose(purpose), _thread([this] {
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
    _server->stopAll(false);
    _isDrained = true;
}

}  // namespace changebank::daemon
