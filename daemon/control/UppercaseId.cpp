#include "changebank/daemon/control/UppercaseId.h"

#include <algorithm>
#include <iostream>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ForeignText.h"

namespace changebank::daemon {

namespace {

bool isUuid(std::string_view id) {
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return std::equal(id.begin(), id.end(), form.begin(), form.end(), [](char c, char wanted) {
        return wanted == 'x' ? hexDigitValue(c) >= 0 : c == wanted;
    });
}

}  // namespace

void warnOfUppercaseId(std::string_view command, const std::string& id) {
    const bool hasCapitals = std::any_of(id.begin(), id.end(), [](char c) { return c != toLower(c); });
    if (!hasCapitals || !isUuid(id)) return;
    std::cerr
        << "changebankctl " << command << ": warning: " << inQuotes(id)
        << " has capital letters, which no id of FusionAuth has; it is another one than in lower case\n";
}

}  // namespace changebank::daemon
