#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// Where and why a text is not the JSON that security::Json reads.
struct JsonFault {
    /// Both counted from 1; the column counts octets.
    std::size_t line = 1;
    std::size_t column = 1;
    std::string reason;
};

/// Finds the first fault of a text that security::Json::parse() has refused, to tell a person; it is not what
/// decides.
JsonFault findJsonFault(std::string_view text);

}  // namespace changebank::kickstart
