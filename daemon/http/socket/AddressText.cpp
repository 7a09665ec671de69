#include "changebank/daemon/http/socket/AddressText.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "changebank/base/text/PortNumber.h"

namespace changebank::http {

std::optional<Poco::Net::IPAddress> readAddress(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.size() >= terminated.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    in_addr v4{};
    if (::inet_pton(AF_INET, terminated.data(), &v4) == 1) return Poco::Net::IPAddress(&v4, sizeof(v4));
    in6_addr v6{};
    if (::inet_pton(AF_INET6, terminated.data(), &v6) == 1) return Poco::Net::IPAddress(&v6, sizeof(v6));
    return std::nullopt;
}

std::optional<std::uint16_t> readPlainNumber(std::string_view text) noexcept {
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return portNumber(text);
}

}  // namespace changebank::http
