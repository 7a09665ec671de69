#pragma once

#include <Poco/Net/SocketAddress.h>

#include <optional>
#include <string_view>

#include "changebank/daemon/http/message/ForwardedField.h"

namespace changebank::http {

/// Cuts the last member off the list that is such a field's value, and returns it without surrounding
/// whitespace. Members are separated by commas; in Forwarded, by those outside of quotation marks. Those are
/// paired from the right: a client that sends one too many cannot make the members that proxies append part
/// of its own.
std::string_view takeLastMember(ForwardedField field, std::string_view& list) noexcept;

/// The address that a member names, with its port, or 0 if it names none or an obfuscated one (RFC 7239
/// section 6.3). A member of X-Forwarded-For is an address; one of IPv6 may stand in brackets, and does so
/// before a port. A member of Forwarded is an element (section 4) whose parameter `for` has an address as
/// section 6 writes it. std::nullopt for everything else, and for an element that is malformed anywhere.
std::optional<Poco::Net::SocketAddress> forwardedNode(ForwardedField field, std::string_view member);

}  // namespace changebank::http
