#pragma once

#include <span>
#include <string_view>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::handlers {

/// The content coding (RFC 9110 section 8.4.1) for a response, out of those offered, or an empty text for
/// identity: the one with the highest weight in Accept-Encoding (section 12.5.3), the first of several, and
/// identity only if it is preferred or nothing else fits, even where it is excluded. Without the field it is
/// identity, since the client may know nothing else. Members that violate the grammar do not count.
/// "x-gzip" is gzip (section 8.4.1.3).
std::string_view chooseCoding(const Poco::Net::MessageHeader& request,
                              std::span<const std::string_view> offered);

}  // namespace changebank::handlers
