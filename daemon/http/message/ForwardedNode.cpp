#include "changebank/daemon/http/message/ForwardedNode.h"

#include <algorithm>
#include <string>

#include "changebank/base/text/PortNumber.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "changebank/daemon/http/socket/AddressText.h"

namespace changebank::http {

namespace {

using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;

/// Whether the quote at this place is part of a quoted pair (RFC 9110 section 5.6.4).
bool isEscaped(std::string_view text, std::size_t place) noexcept {
    std::size_t backslashes = 0;
    while (backslashes < place && text[place - backslashes - 1] == '\\')
        ++backslashes;
    return backslashes % 2 == 1;
}

/// The place behind the comma before the last member.
std::size_t startOfLast(ForwardedField field, std::string_view list) noexcept {
    bool isQuoted = false;
    for (auto place = list.size(); place > 0; --place) {
        const char c = list[place - 1];
        if (c == ',' && !isQuoted) return place;
        if (field == ForwardedField::forwarded && c == '"' && !isEscaped(list, place - 1))
            isQuoted = !isQuoted;
    }
    return 0;
}

/// RFC 7239 section 6.3, `obfport`.
bool isObfuscatedPort(std::string_view text) {
    return text.size() > 1 && text.front() == '_' && isToken(text) &&
           text.find_first_of("!#$%&'*+^`|~") == std::string_view::npos;
}

std::optional<std::uint16_t> portOf(std::string_view text) {
    constexpr std::size_t maxDigits = 5;
    if (isObfuscatedPort(text)) return std::uint16_t{0};
    return text.size() > maxDigits ? std::nullopt : portNumber(text);
}

/// An IPv4 address, or one of IPv6 in brackets; possibly with a port.
std::optional<SocketAddress> nodeOf(std::string_view text) {
    const bool isBracketed = text.starts_with('[');
    const auto end = isBracketed ? text.find(']') : std::min(text.find(':'), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    const auto rest = text.substr(isBracketed ? end + 1 : end);
    const auto address = readAddress(isBracketed ? text.substr(1, end - 1) : text.substr(0, end));
    if (!address || isBracketed != (address->family() == IPAddress::IPv6)) return std::nullopt;
    if (rest.empty()) return SocketAddress(*address, 0);
    const auto port = rest.starts_with(':') ? portOf(rest.substr(1)) : std::nullopt;
    return port ? std::optional(SocketAddress(*address, *port)) : std::nullopt;
}

std::optional<SocketAddress> plainNode(std::string_view member) {
    const auto address = readAddress(member);
    return address ? SocketAddress(*address, 0) : nodeOf(member);
}

/// Removes a token or quoted string, which becomes `value`. Returns false if there is none.
bool takeValue(std::string_view& text, std::string& value) {
    if (!text.starts_with('"')) {
        const auto token = text.substr(0, text.find_first_of("; \t"));
        text.remove_prefix(token.size());
        value = token;
        return isToken(token);
    }
    for (std::size_t place = 1; place < text.size(); ++place) {
        if (text[place] == '"') {
            text.remove_prefix(place + 1);
            return true;
        }
        if (text[place] == '\\' && ++place == text.size()) return false;
        value += text[place];
    }
    return false;
}

/// Removes a parameter and its semicolon. Returns false if it is malformed.
bool takeParameter(std::string_view& text, std::string_view& name, std::string& value) {
    const auto equals = std::min(text.find('='), text.size());
    name = text.substr(0, equals);
    text.remove_prefix(std::min(equals + 1, text.size()));
    value.clear();
    if (!isToken(name) || !takeValue(text, value)) return false;
    text = trimmed(text);
    if (text.empty()) return true;
    const bool isSeparated = text.starts_with(';');
    text = trimmed(text.substr(1));
    return isSeparated;
}

/// Each parameter may occur once (section 4).
std::optional<SocketAddress> elementNode(std::string_view element) {
    std::optional<std::string> node;
    std::string value;
    for (std::string_view name; !element.empty();) {
        if (!takeParameter(element, name, value)) return std::nullopt;
        if (!isSameName(name, "for")) continue;
        if (node) return std::nullopt;
        node = value;
    }
    return node ? nodeOf(*node) : std::nullopt;
}

}  // namespace

std::string_view takeLastMember(ForwardedField field, std::string_view& list) noexcept {
    const auto start = startOfLast(field, list);
    const auto member = trimmed(list.substr(start));
    list = list.substr(0, start == 0 ? 0 : start - 1);
    return member;
}

std::optional<SocketAddress> forwardedNode(ForwardedField field, std::string_view member) {
    return field == ForwardedField::forwarded ? elementNode(member) : plainNode(member);
}

}  // namespace changebank::http
