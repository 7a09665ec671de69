#pragma once

#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/SocketAddress.h>

#include <optional>

#include "changebank/daemon/http/loop/ProxyTrust.h"

namespace changebank::http {

/// The client of a request that came from `peer`, if that is a trusted proxy and has named another one: the
/// addresses in all lines of the field, which are one list, are read from the right as far as proxies are
/// trusted, and the first one that is not a proxy is the client; the leftmost one if all are. At a text that
/// is no address (`unknown`, an obfuscated identifier), the proxy before it counts as the client. The port is
/// 0 if the field has none.
std::optional<Poco::Net::SocketAddress> forwardedClient(const ProxyTrust& trust,
                                                        const Poco::Net::SocketAddress& peer,
                                                        const Poco::Net::MessageHeader& fields);

}  // namespace changebank::http
