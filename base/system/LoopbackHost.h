#pragma once

#include <string>

namespace changebank {

/// Whether a host name or address is this machine by definition, without a DNS lookup: localhost and the
/// loopback addresses (RFC 6761 section 6.3).
bool isLoopbackHost(const std::string& host);

}  // namespace changebank
