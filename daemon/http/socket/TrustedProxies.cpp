#include "changebank/daemon/http/socket/TrustedProxies.h"

#include <Poco/Exception.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "changebank/daemon/http/socket/AddressText.h"

namespace changebank::http {

namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr std::string_view unixName = "unix";
constexpr unsigned mappedBits = 96;
constexpr Bytes mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

Bytes mappedAddress(const void* ipv4) {
    auto bytes = mapped;
    std::memcpy(bytes.data() + mappedBits / 8, ipv4, sizeof(in_addr));
    return bytes;
}

bool isIpv4(const Poco::Net::IPAddress& address) {
    return address.family() == Poco::Net::IPAddress::IPv4;
}

Bytes bytesOf(const Poco::Net::IPAddress& address) {
    if (isIpv4(address)) return mappedAddress(address.addr());
    Bytes bytes{};
    std::memcpy(bytes.data(), address.addr(), bytes.size());
    return bytes;
}

/// Without memory of its own, unlike SocketAddress::host().
std::optional<Bytes> bytesOf(const Poco::Net::SocketAddress& address) noexcept {
    if (address.family() == Poco::Net::SocketAddress::IPv4) {
        sockaddr_in v4{};
        std::memcpy(&v4, address.addr(), sizeof(v4));
        return mappedAddress(&v4.sin_addr);
    }
    if (address.family() != Poco::Net::SocketAddress::IPv6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address.addr(), sizeof(v6));
    Bytes bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return bytes;
}

/// The address without the bits behind the prefix.
Bytes prefixOf(Bytes address, unsigned bits) {
    for (unsigned i = 0; i < address.size(); ++i) {
        const unsigned kept = std::min(bits > 8 * i ? bits - 8 * i : 0, 8U);
        address[i] = static_cast<std::uint8_t>(address[i] & ~(0xffU >> kept));
    }
    return address;
}

/// The least bits of a network: those of 10.0.0.0/8 and fc00::/7, the widest that are private.
unsigned minBits(const Bytes& address) {
    return prefixOf(address, mappedBits) == mapped ? mappedBits + 8 : 7;
}

}  // namespace

TrustedProxies::TrustedProxies(const std::vector<std::string>& entries) {
    for (const auto& entry : entries) {
        if (entry == unixName) {
            _hasUnix = true;
            continue;
        }
        const auto network = parse(entry);
        if (const auto* fault = std::get_if<Fault>(&network))
            throw Poco::InvalidArgumentException(entry + " " + fault->why);
        _networks.push_back(std::get<Network>(network));
    }
}

std::optional<std::string> TrustedProxies::faultOf(std::string_view entry) {
    if (entry == unixName) return std::nullopt;
    const auto network = parse(entry);
    const auto* fault = std::get_if<Fault>(&network);
    return fault == nullptr ? std::nullopt : std::optional(fault->why);
}

std::variant<TrustedProxies::Network, TrustedProxies::Fault> TrustedProxies::parse(std::string_view entry) {
    const auto slash = std::min(entry.find('/'), entry.size());
    const auto address = readAddress(entry.substr(0, slash));
    if (!address) return Fault{"is neither an IP address, nor a network such as 10.0.0.0/8, nor unix"};
    const unsigned width = isIpv4(*address) ? 32 : 128;
    const auto prefix = slash == entry.size() ? width : readPlainNumber(entry.substr(slash + 1));
    if (!prefix || *prefix > width)
        return Fault{"has a prefix that is not a number up to " + std::to_string(width)};
    const Network network{bytesOf(*address), isIpv4(*address) ? mappedBits + *prefix : *prefix};
    if (prefixOf(network.address, network.bits) != network.address)
        return Fault{"has bits behind its prefix"};
    if (network.bits < minBits(network.address) || (network.bits <= mappedBits && network.contains(mapped)))
        return Fault{"is wider than a network of proxies can be: it trusts strangers"};
    return network;
}

bool TrustedProxies::Network::contains(const Bytes& other) const noexcept {
    const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
    if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
    if (bits % 8 == 0) return true;
    const auto place = static_cast<std::size_t>(whole);
    return ((address[place] ^ other[place]) & ~(0xffU >> bits % 8) & 0xffU) == 0;
}

bool TrustedProxies::contains(const Poco::Net::SocketAddress& address) const noexcept {
    if (address.family() == Poco::Net::SocketAddress::UNIX_LOCAL) return _hasUnix;
    const auto bytes = bytesOf(address);
    return bytes && std::any_of(_networks.begin(), _networks.end(),
                                [&](const Network& network) { return network.contains(*bytes); });
}

TrustedProxies TrustedProxies::withUnix() const {
    auto copy = *this;
    copy._hasUnix = true;
    return copy;
}

}  // namespace changebank::http
