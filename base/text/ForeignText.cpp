#include "changebank/base/text/ForeignText.h"

#include "changebank/base/text/Json.h"
#include "changebank/base/text/Utf8.h"

namespace changebank {

namespace {

constexpr std::size_t quotedLength = 80;

}  // namespace

std::string inQuotes(std::string_view text) {
    if (text.size() <= quotedLength) return quoteJson(text);
    return quoteJson(text.substr(0, quotedLength)) + "...";
}

std::string oneLine(std::string text) {
    if (!hasControl(text) && !hasHidden(text)) return text;
    const auto quoted = quoteJson(text);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace changebank
