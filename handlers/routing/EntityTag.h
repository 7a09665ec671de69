#pragma once

#include <string>
#include <string_view>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::handlers {

/// The strong entity tag of a content (RFC 9110 section 8.8.3): a quoted digest.
std::string entityTagOf(std::string_view content);

/// True if the client has the content with this tag: If-None-Match is `*` or lists the tag, by weak
/// comparison (RFC 9110 section 13.1.2).
bool hasEntityTag(const Poco::Net::MessageHeader& request, std::string_view tag);

}  // namespace changebank::handlers
