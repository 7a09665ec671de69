#include "changebank/handlers/decision/DeceptiveFields.h"

#include <Poco/Net/MessageHeader.h>

#include <algorithm>
#include <array>
#include <string>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/base/text/ListMember.h"
#include "changebank/handlers/decision/IdentityFields.h"

namespace changebank::handlers {

namespace {

/// An Envoy in front of the one that asks may have set it.
constexpr std::string_view originalPath = "X-Envoy-Original-Path";

constexpr std::array<std::string_view, 13> forbiddenFields{
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Original-Method",
    "X-Original-URL",
    "X-Original-URI",
    "X-Rewrite-URL",
    "X-Override-URL",
    "X-HTTP-Path-Override",
    "X-Forwarded-Prefix",
    "X-Forwarded-Path",
    "HTTP2-Settings",
    originalPath,
};

/// What guard, proxy or API read by this name alone, as far as it can be spelt otherwise: Authorization,
/// Cookie, DPoP, Origin, Host and Forwarded have no separator.
constexpr std::array<std::string_view, 9> onceSpeltFields{
    "Sec-Fetch-Site",     "Access-Control-Request-Method",
    "X-Forwarded-For",    "X-Forwarded-Proto",
    "X-Forwarded-Port",   "X-Forwarded-Host",
    "X-Forwarded-Method", "X-Forwarded-Uri",
    "X-Real-IP",
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
        const auto name = takeMember(list);
        if (find(identityFields, name) || find(onceSpeltFields, name)) return true;
    }
    return false;
}

/// As faultOf(), for fields that the client alone can have sent.
std::optional<std::string_view> forbidden(std::string_view name, RequestConvention convention) {
    if (const auto found = find(identityFields, name)) return found;
    const auto found = find(forbiddenFields, name);
    const bool isOfProxy = convention == RequestConvention::original && found == originalPath &&
                           isSameIgnoringCase(name, originalPath);
    return isOfProxy ? std::nullopt : found;
}

std::optional<std::string_view> faultOf(std::string_view name, std::string_view value,
                                        RequestConvention convention) {
    if (const auto found = forbidden(name, convention)) return found;
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

std::optional<std::string_view> deceptiveField(const Poco::Net::MessageHeader& header,
                                               RequestConvention convention) {
    for (const auto& [name, value] : header) {
        if (const auto fault = faultOf(name, value, convention)) return fault;
    }
    return std::nullopt;
}

}  // namespace changebank::handlers
