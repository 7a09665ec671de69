#pragma once

#include <string>
#include <string_view>

/// How text that comes from outside is shown to people.
namespace changebank {

/// In quotation marks, escaped as in JSON (quoteJson()), and cut after 80 bytes.
std::string inQuotes(std::string_view text);

/// With control characters escaped, so that it cannot end its line. Other characters stay.
std::string oneLine(std::string text);

}  // namespace changebank
