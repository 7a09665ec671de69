#include "changebank/handlers/decision/DeceptiveFields.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <array>
#include <string>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/handlers/decision/IdentityFields.h"

namespace changebank::handlers {

namespace {

constexpr std::array<std::string_view, 6> forbiddenFields{
    "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override",
    "X-Original-URL",         "X-Rewrite-URL", "HTTP2-Settings",
};

/// What guard, proxy or API read by this name alone, as far as it can be spelt otherwise: Authorization,
/// Cookie, DPoP, Origin, Host and Forwarded have no separator.
constexpr std::array<std::string_view, 10> onceSpeltFields{
    "Sec-Fetch-Site",   "Access-Control-Request-Method",
    "X-Forwarded-For",  "X-Forwarded-Proto",
    "X-Forwarded-Port", "X-Forwarded-Prefix",
    "X-Forwarded-Host", "X-Forwarded-Method",
    "X-Forwarded-Uri",  "X-Real-IP",
};

constexpr std::string_view upgrade = "Upgrade";
constexpr std::string_view connection = "Connection";

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

/// Whether an element of the list has the name of a field that the API should get as the guard or the proxy
/// sets it (RFC 9110 section 7.6.1).
bool takesAway(std::string_view list) {
    while (!list.empty()) {
        const auto element = list.substr(0, list.find(','));
        list.remove_prefix(std::min(element.size() + 1, list.size()));
        const auto name = trimmed(element);
        if (find(identityFields, name) || find(onceSpeltFields, name)) return true;
    }
    return false;
}

std::optional<std::string_view> faultOf(std::string_view name, std::string_view value) {
    if (const auto found = find(identityFields, name)) return found;
    if (const auto found = find(forbiddenFields, name)) return found;
    if (isSameIgnoringCase(name, upgrade) && !isSameIgnoringCase(value, "websocket")) return upgrade;
    if (isSameIgnoringCase(name, connection) && takesAway(value)) return connection;
    const auto found = find(onceSpeltFields, name);
    return found && !isSameIgnoringCase(name, *found) ? found : std::nullopt;
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
