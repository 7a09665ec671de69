#pragma once

#include <optional>
#include <string>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::security {

/// The value of a header field that must not be repeated; names are compared without regard to case.
/// std::nullopt if the field is absent, empty if it is repeated: no valid value is empty, so callers need no
/// case of their own for it.
std::optional<std::string> uniqueField(const Poco::Net::MessageHeader& header, const std::string& name);

}  // namespace changebank::security
