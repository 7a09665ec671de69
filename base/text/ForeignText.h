#pragma once

#include <string>
#include <string_view>

/// Shows untrusted text to people.
namespace changebank {

/// In quotation marks, escaped as in JSON (quoteJson()), and cut after 80 bytes.
std::string inQuotes(std::string_view text);

/// Escapes control characters and those for which isHidden() holds, so that the text can neither end its line
/// nor look like another one; then quotation marks and backslashes are escaped as well. A text without such
/// characters stays as it is.
std::string oneLine(std::string text);

}  // namespace changebank
