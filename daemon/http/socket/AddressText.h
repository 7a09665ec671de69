#pragma once

#include <Poco/Net/IPAddress.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace changebank::http {

/// Reads an IPv4 address as four decimal numbers, or an IPv6 address (RFC 4291 section 2.2) without brackets
/// and zone. Nothing else: no host name, no shorter or octal form.
std::optional<Poco::Net::IPAddress> readAddress(std::string_view text);

/// Reads a decimal number of one or more digits, without leading zeros; std::nullopt beyond 65535 too.
std::optional<std::uint16_t> readPlainNumber(std::string_view text) noexcept;

}  // namespace changebank::http
