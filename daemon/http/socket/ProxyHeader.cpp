#include "changebank/daemon/http/socket/ProxyHeader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "changebank/daemon/http/socket/AddressText.h"

namespace changebank::http {

namespace {

using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;
using Parsed = std::variant<ProxyHeader, ProxyHeader::Incomplete, ProxyHeader::Malformed>;

constexpr std::string_view signature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::string_view keyword = "PROXY ";
/// Of a line, with its end.
constexpr std::size_t maxLine = 107;
/// Of version 2, without addresses.
constexpr std::size_t fixedSize = 16;

constexpr unsigned local = 0x20;
constexpr unsigned proxied = 0x21;

/// Whether one of the texts begins with the other.
bool agree(std::string_view one, std::string_view other) {
    return one.starts_with(other) || other.starts_with(one);
}

std::string_view takePart(std::string_view& text) {
    const auto end = std::min(text.find(' '), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

/// `line` is what follows TCP4 or TCP6 and its space: two addresses and two ports.
std::optional<SocketAddress> clientOf(std::string_view line, IPAddress::Family family) {
    const auto source = readAddress(takePart(line));
    const auto destination = readAddress(takePart(line));
    const auto sourcePort = readPlainNumber(takePart(line));
    const auto destinationPort = readPlainNumber(line);
    if (!source || !destination || !sourcePort || !destinationPort) return std::nullopt;
    if (source->family() != family || destination->family() != family) return std::nullopt;
    return SocketAddress(*source, *sourcePort);
}

/// Version 1.
Parsed parseLine(std::string_view bytes) {
    const auto known = bytes.substr(0, maxLine);
    const auto end = known.find("\r\n");
    const auto line = known.substr(0, end).substr(std::min(keyword.size(), known.size()));
    const bool isUnknown = line == "UNKNOWN" || line.starts_with("UNKNOWN ");
    const bool isTcp4 = line.starts_with("TCP4 ");
    if (end == std::string_view::npos) {
        const bool mayEnd =
            known.size() < maxLine && (isUnknown || line.find('\n') == std::string_view::npos);
        const bool isKnown =
            agree(line, "UNKNOWN ") || agree(line, "TCP4 ") || agree(line, "TCP6 ") || line == "UNKNOWN\r";
        if (mayEnd && isKnown) return ProxyHeader::Incomplete{};
        return ProxyHeader::Malformed{};
    }
    const auto size = end + 2;
    if (isUnknown) return ProxyHeader{.size = size};
    if (!isTcp4 && !line.starts_with("TCP6 ")) return ProxyHeader::Malformed{};
    auto client = clientOf(line.substr(5), isTcp4 ? IPAddress::IPv4 : IPAddress::IPv6);
    if (!client) return ProxyHeader::Malformed{};
    return ProxyHeader{.size = size, .client = std::move(client)};
}

unsigned byteAt(std::string_view bytes, std::size_t place) {
    return static_cast<unsigned char>(bytes[place]);
}

/// `block` begins with the addresses, source first, and the ports; `length` is that of an address.
std::optional<SocketAddress> clientOf(std::string_view block, std::size_t length) {
    if (block.size() < 2 * length + 4) return std::nullopt;
    const IPAddress address(block.data(), static_cast<poco_socklen_t>(length));
    const auto port = byteAt(block, 2 * length) << 8U | byteAt(block, 2 * length + 1);
    return SocketAddress(address, static_cast<std::uint16_t>(port));
}

/// What the family of a proxied connection says about its client.
Parsed withClient(std::size_t size, unsigned family, std::string_view block) {
    constexpr std::size_t unixBlock = 216;
    const unsigned transport = family & 0xfU;
    std::optional<SocketAddress> client;
    switch (transport == 0 ? 0 : family >> 4U) {
        case 1:
            client = clientOf(block, 4);
            break;
        case 2:
            client = clientOf(block, 16);
            break;
        case 3:
            if (block.size() < unixBlock) return ProxyHeader::Malformed{};
            return ProxyHeader{.size = size};
        default:
            return ProxyHeader{.size = size};
    }
    if (!client) return ProxyHeader::Malformed{};
    return ProxyHeader{.size = size, .client = std::move(client)};
}

/// Version 2.
Parsed parseBinary(std::string_view bytes) {
    if (bytes.size() < fixedSize) return ProxyHeader::Incomplete{};
    const auto command = byteAt(bytes, 12);
    const auto family = byteAt(bytes, 13);
    const auto size = fixedSize + (byteAt(bytes, 14) << 8U | byteAt(bytes, 15));
    if (command != local && command != proxied) return ProxyHeader::Malformed{};
    if (command == proxied && (family >> 4U > 3 || (family & 0xfU) > 2)) return ProxyHeader::Malformed{};
    if (size > ProxyHeader::maxSize) return ProxyHeader::Malformed{};
    if (bytes.size() < size) return ProxyHeader::Incomplete{};
    if (command == local) return ProxyHeader{.size = size, .isLocal = true};
    return withClient(size, family, bytes.substr(fixedSize, size - fixedSize));
}

}  // namespace

Parsed ProxyHeader::parse(std::string_view bytes) {
    if (agree(bytes, signature)) return parseBinary(bytes);
    if (agree(bytes, keyword)) return parseLine(bytes);
    return Malformed{};
}

}  // namespace changebank::http
