#include "changebank/daemon/http/loop/ConnectionLimiter.h"

#include <utility>

namespace changebank::http {

ConnectionLimiter::ConnectionLimiter(std::size_t maxTotal, std::size_t maxPerClient)
    : _maxTotal(maxTotal), _maxPerClient(maxPerClient) {}

void ConnectionLimiter::setLimits(std::size_t maxTotal, std::size_t maxPerClient) {
    _maxTotal = maxTotal;
    _maxPerClient = maxPerClient;
}

std::optional<ConnectionLimiter::Slot> ConnectionLimiter::admit(const Poco::Net::SocketAddress& client) {
    if (_total.fetch_add(1) >= _maxTotal) {
        _total.fetch_sub(1);
        return {};
    }
    std::string key;
    if (client.family() != Poco::Net::SocketAddress::UNIX_LOCAL) {
        const auto host = client.host();
        key.assign(static_cast<const char*>(host.addr()), host.length());
    }
    if (!key.empty() && !admitClient(key)) {
        _total.fetch_sub(1);
        return {};
    }
    return Slot(*this, std::move(key));
}

bool ConnectionLimiter::admitClient(const std::string& client) {
    const std::lock_guard lock(_mutex);
    auto& count = _clients[client];
    const std::size_t max = _maxPerClient;
    if (max != 0 && count >= max) return false;
    ++count;
    return true;
}

void ConnectionLimiter::release(const std::string& client) {
    _total.fetch_sub(1);
    if (client.empty()) return;
    const std::lock_guard lock(_mutex);
    const auto entry = _clients.find(client);
    if (--entry->second == 0) _clients.erase(entry);
}

ConnectionLimiter::Slot::Slot(ConnectionLimiter& limiter, std::string client)
    : _limiter(&limiter), _client(std::move(client)) {}

ConnectionLimiter::Slot::Slot(Slot&& other) noexcept
    : _limiter(std::exchange(other._limiter, nullptr)), _client(std::move(other._client)) {}

ConnectionLimiter::Slot::~Slot() {
    if (_limiter != nullptr) _limiter->release(_client);
}

}  // namespace changebank::http
