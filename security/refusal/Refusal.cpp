#include "changebank/security/refusal/Refusal.h"

#include <utility>

#include "changebank/base/text/Json.h"
#include "changebank/base/text/Utf8.h"

namespace changebank::security {

std::string Refusal::message() const {
    std::string text(traitsOf(cause).message);
    if (const auto place = text.find('%'); place != std::string::npos) text.replace(place, 1, parameter);
    return text;
}

std::string Refusal::body() const {
    std::string text = "{\"error\":" + quoteJson(message());
    if (const auto code = traitsOf(cause).code; !code.empty()) text += ",\"code\":" + quoteJson(code);
    return text + "}";
}

Refusal Refusal::withEvidence(std::string_view wanted, std::string_view had) && {
    expected = utf8Prefix(wanted, maxEvidence);
    found = utf8Prefix(had, maxEvidence);
    return std::move(*this);
}

}  // namespace changebank::security
