#pragma once

#include <optional>
#include <string>

namespace Poco::Net {
class MessageHeader;
}

namespace changebank::security {

/// The value of a field that may come once: std::nullopt if it is absent, empty text if it came more than
/// once. Names are compared without regard to case.
std::optional<std::string> singleField(const Poco::Net::MessageHeader& header, const std::string& name);

}  // namespace changebank::security
