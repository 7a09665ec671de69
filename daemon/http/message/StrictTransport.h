#pragma once

#include <string_view>

namespace changebank::http {

/// Whether a host, with or without a port, is a name or an address of the client's own machine: localhost and
/// the names below it (RFC 6761 section 6.3), with or without a dot at the end, 127.0.0.0/8 and ::1. A
/// response to such a request has no Strict-Transport-Security: a browser would use HTTPS for every port of
/// localhost from then on (RFC 6797 section 8.3), and what else is developed there would be out of reach.
bool isLoopbackAuthority(std::string_view authority) noexcept;

}  // namespace changebank::http
