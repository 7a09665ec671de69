#include "changebank/security/limit/ClientNetwork.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace changebank::security {

namespace {

constexpr unsigned bitsPerByte = 8;
constexpr std::size_t mappedPrefix = 12;

}  // namespace

std::optional<ClientNetwork> ClientNetwork::of(const Poco::Net::SocketAddress& client,
                                               const Prefixes& prefixes) {
    // POCO's own accessors would allocate memory for each request.
    const auto* address = client.addr();
    ClientNetwork network;
    unsigned bits = prefixes.ipv4;
    if (address->sa_family == AF_INET) {
        const auto& ipv4 = reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
        network._bytes[0] = 4;
        network._size = 1 + sizeof(ipv4);
        std::memcpy(&network._bytes[1], &ipv4, sizeof(ipv4));
    } else if (address->sa_family == AF_INET6) {
        const auto& ipv6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
        const bool isMapped = IN6_IS_ADDR_V4MAPPED(&ipv6) != 0;
        const std::size_t skipped = isMapped ? mappedPrefix : 0;
        network._bytes[0] = isMapped ? 4 : 6;
        network._size = 1 + sizeof(ipv6) - skipped;
        std::memcpy(&network._bytes[1], &ipv6.s6_addr[skipped], sizeof(ipv6) - skipped);
        if (!isMapped) bits = prefixes.ipv6;
    } else {
        return std::nullopt;
    }
    for (std::size_t i = 1; i < network._size; ++i) {
        const auto kept = std::min(bits, bitsPerByte);
        network._bytes[i] = static_cast<char>(static_cast<unsigned char>(network._bytes[i]) &
                                              (0xffU << (bitsPerByte - kept)) & 0xffU);
        bits -= kept;
    }
    return network;
}

}  // namespace changebank::security
