#pragma once

#include <Poco/Net/SocketAddress.h>

#include <string>

namespace changebank {

/// A client's address for logs: `192.0.2.1:4711`, `[2001:db8::1]:4711`, or without the port if that is
/// unknown, which is port 0: `192.0.2.1`, `2001:db8::1`. An IPv4 address that is mapped to IPv6 is written as
/// the IPv4 address. The path of a Unix socket, or `unix`
/// if it has none, as a client's.
std::string clientText(const Poco::Net::SocketAddress& client);

}  // namespace changebank
