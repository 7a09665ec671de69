#include "changebank/handlers/decision/DeceptiveFields.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <array>
#include <string>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/handlers/decision/IdentityFields.h"

namespace changebank::handlers {

namespace {

constexpr std::array<std::string_view, 6> forbiddenFields{
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override",
    "X-Original-URL",         "X-Rewrite-URL", "HTTP2-Settings",
};

constexpr std::string_view upgrade = "Upgrade";
/// Of the fields that the guard reads, only this one has a separator that could be written otherwise.
constexpr std::string_view fetchSite = "Sec-Fetch-Site";

constexpr char separatorOrLower(char c) noexcept {
    const char lower = toLower(c);
    return isDigit(c) || (lower >= 'a' && lower <= 'z') ? lower : '-';
}

template <typename Names>
std::optional<std::string_view> find(const Names& names, std::string_view name) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](std::string_view each) { return isSpeltLike(name, each); });
    return found == names.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::string_view> faultOf(std::string_view name, std::string_view value) {
    if (const auto found = find(identityFields, name)) return found;
    if (const auto found = find(forbiddenFields, name)) return found;
    if (isSameIgnoringCase(name, upgrade) && !isSameIgnoringCase(value, "websocket")) return upgrade;
    if (isSpeltLike(name, fetchSite) && !isSameIgnoringCase(name, fetchSite)) return fetchSite;
    return std::nullopt;
}

}  // namespace

bool isSpeltLike(std::string_view name, std::string_view canonical) noexcept {
    return name.size() == canonical.size() &&
           std::equal(name.begin(), name.end(), canonical.begin(),
                      [](char one, char other) { return separatorOrLower(one) == separatorOrLower(other); });
}

std::optional<std::string_view> deceptiveField(const Poco::Net::MessageHeader& header) {
    for (const auto& [name, value] : header) {
        if (const auto fault = faultOf(name, value)) return fault;
    }
    return std::nullopt;
}

}  // namespace changebank::handlers
