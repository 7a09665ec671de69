#pragma once

#include <string>
#include <string_view>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::handlers {

/// The strong entity tag of a content (RFC 9110 section 8.8.3): a digest in quotation marks.
std::string entityTagOf(std::string_view content);

/// True if the request says that it has the content of that tag already: If-None-Match is `*` or has the tag
/// in its list, by weak comparison (RFC 9110 section 13.1.2).
bool hasEntityTag(const Poco::Net::MessageHeader& request, std::string_view tag);

}  // namespace changebank::handlers
