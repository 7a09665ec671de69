#include "changebank/daemon/http/loop/ConnectionLimiter.h"

#include <algorithm>
#include <utility>

namespace changebank::http {

namespace {

constexpr std::size_t ipv4Bytes = 4;
constexpr std::size_t ipv6Bytes = 16;

}  // namespace

ConnectionLimiter::ConnectionLimiter(const ServerLimits& limits) : ConnectionLimiter(limits.maxConnections) {
    setLimits(limits);
}

ConnectionLimiter::ConnectionLimiter(std::size_t maxTotal) : _maxTotal(maxTotal) {}

void ConnectionLimiter::setLimits(const ServerLimits& limits) {
    _maxTotal = limits.maxConnections;
    _maxPerClient = limits.maxConnectionsPerClient;
    _ipv6Prefix = limits.ipv6ClientPrefix;
}

std::optional<ConnectionLimiter::Slot> ConnectionLimiter::admit(const Poco::Net::SocketAddress& client) {
    auto slot = admitProxy();
    if (!slot) return {};
    auto share = admitConnection(client);
    if (!share) return {};
    slot->countFor(std::move(*share));
    return slot;
}

std::optional<ConnectionLimiter::Slot> ConnectionLimiter::admitProxy() {
    if (_total.fetch_add(1) < _maxTotal) return Slot(*this);
    _total.fetch_sub(1);
    return {};
}

std::optional<ConnectionLimiter::Share> ConnectionLimiter::admitConnection(
    const Poco::Net::SocketAddress& client) {
    auto key = clientOf(client);
    if (key.empty()) return Share();
    if (!admitClient(key)) return {};
    return Share(*this, std::move(key));
}

std::optional<ConnectionLimiter::Share> ConnectionLimiter::admitRequest(
    const Poco::Net::SocketAddress& client) {
    return _maxPerClient == 0 ? Share() : admitConnection(client);
}

/// Empty for a client of a Unix socket.
std::string ConnectionLimiter::clientOf(const Poco::Net::SocketAddress& address) const {
    if (address.family() == Poco::Net::SocketAddress::UNIX_LOCAL) return {};
    const auto host = address.host();
    std::string bytes(static_cast<const char*>(host.addr()), host.length());
    if (host.family() == Poco::Net::IPAddress::IPv4) return bytes;
    if (host.isIPv4Mapped()) return bytes.substr(ipv6Bytes - ipv4Bytes);
    const std::size_t prefix = _ipv6Prefix;
    const auto whole = prefix / 8;
    if (whole >= bytes.size()) return bytes;
    bytes[whole] = static_cast<char>(static_cast<unsigned char>(bytes[whole]) & ~(0xffU >> prefix % 8));
    // Of another length than an IPv4 address, whatever the prefix.
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(whole) + 1, bytes.end(), '\0');
    return bytes;
}

bool ConnectionLimiter::admitClient(const std::string& client) {
    const std::lock_guard lock(_mutex);
    const std::size_t max = _maxPerClient;
    auto& count = _clients[client];
    if (max != 0 && count >= max) return false;
    ++count;
    return true;
}

void ConnectionLimiter::release(const std::string& client) noexcept {
    const std::lock_guard lock(_mutex);
    const auto entry = _clients.find(client);
    if (--entry->second == 0) _clients.erase(entry);
}

ConnectionLimiter::Share::Share(ConnectionLimiter& limiter, std::string client)
    : _limiter(&limiter), _client(std::move(client)) {}

ConnectionLimiter::Share::Share(Share&& other) noexcept
    : _limiter(std::exchange(other._limiter, nullptr)), _client(std::move(other._client)) {}

ConnectionLimiter::Share& ConnectionLimiter::Share::operator=(Share&& other) noexcept {
    std::swap(_limiter, other._limiter);
    std::swap(_client, other._client);
    const Share before(std::move(other));
    return *this;
}

ConnectionLimiter::Share::~Share() {
    if (_limiter != nullptr) _limiter->release(_client);
}

ConnectionLimiter::Slot::Slot(Slot&& other) noexcept
    : _limiter(std::exchange(other._limiter, nullptr)), _share(std::move(other._share)) {}

ConnectionLimiter::Slot& ConnectionLimiter::Slot::operator=(Slot&& other) noexcept {
    const Slot before(std::move(*this));
    _limiter = std::exchange(other._limiter, nullptr);
    _share = std::move(other._share);
    return *this;
}

ConnectionLimiter::Slot::~Slot() {
    if (_limiter != nullptr) _limiter->_total.fetch_sub(1);
}

}  // namespace changebank::http
