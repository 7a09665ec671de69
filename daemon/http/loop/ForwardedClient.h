#pragma once

#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/SocketAddress.h>

#include <optional>

#include "changebank/daemon/http/loop/ProxyTrust.h"

namespace changebank::http {

/// The client of a request that came from `peer`, if a trusted proxy has named another one: the field's
/// addresses are read from the right as far as proxies are trusted, and the first one that is not a proxy is
/// the client; the leftmost one if all are. At a text that is no address (`unknown`, an obfuscated
/// identifier), the proxy before it counts as the client. The port is 0 if the field has none.
std::optional<Poco::Net::SocketAddress> forwardedClient(const ProxyTrust& trust,
                                                        const Poco::Net::SocketAddress& peer,
                                                        const Poco::Net::MessageHeader& fields);

}  // namespace changebank::http
