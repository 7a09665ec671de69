#pragma once

#include <Poco/Net/SocketAddress.h>

#include <optional>
#include <string_view>

#include "changebank/daemon/http/message/ForwardedField.h"

namespace changebank::http {

/// Removes the last member from the list in such a field and returns it without surrounding whitespace. The
/// list ends when it is empty. Whatever stands before a well-formed member, it is found: an open quote there
/// does not reach into it, since quotes are paired from the right.
std::string_view takeLastMember(ForwardedField field, std::string_view& list) noexcept;

/// The address that a member names: in X-Forwarded-For an address, one of IPv6 with or without brackets, and
/// possibly a port; in Forwarded (RFC 7239 section 4) the parameter `for` of a well-formed element with an
/// address (section 6). The port is 0 if there is none, or an obfuscated one. std::nullopt for anything else.
std::optional<Poco::Net::SocketAddress> forwardedNode(ForwardedField field, std::string_view member);

}  // namespace changebank::http
