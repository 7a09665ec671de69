#pragma once

#include <string>
#include <string_view>

/// Shows untrusted text to people.
namespace changebank {

/// In quotation marks, escaped as in JSON (quoteJson()), and cut after 80 bytes.
std::string inQuotes(std::string_view text);

/// Escapes control characters, so that the text cannot end its line. Other characters stay.
std::string oneLine(std::string text);

}  // namespace changebank
