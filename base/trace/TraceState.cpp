#include "changebank/base/trace/TraceState.h"

#include <algorithm>

#include "changebank/base/text/Ascii.h"
#include "changebank/base/text/ListMember.h"

namespace changebank {

namespace {

constexpr std::size_t maxKey = 256;
constexpr std::size_t maxTenant = 241;
constexpr std::size_t maxSystem = 14;
constexpr std::size_t maxValue = 256;

bool isLower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}

bool isName(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '*' || c == '/';
    });
}

/// Section 3.3.1.3.1.
bool isKey(std::string_view key) noexcept {
    if (key.empty()) return false;
    const auto at = key.find('@');
    if (at == std::string_view::npos) return key.size() <= maxKey && isLower(key[0]) && isName(key);
    const auto tenant = key.substr(0, at);
    const auto system = key.substr(at + 1);
    return !tenant.empty() && tenant.size() <= maxTenant && (isLower(tenant[0]) || isDigit(tenant[0])) &&
           isName(tenant) && !system.empty() && system.size() <= maxSystem && isLower(system[0]) &&
           isName(system);
}

/// Section 3.3.1.3.2.
bool isValue(std::string_view value) noexcept {
    return !value.empty() && value.size() <= maxValue && value.back() != ' ' &&
           std::all_of(value.begin(), value.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

}  // namespace

void TraceState::add(std::string_view value) {
    if (_isInvalid) return;
    for (auto rest = value; !rest.empty();) {
        const auto member = takeMember(rest);
        if (member.empty()) continue;
        const auto equals = member.find('=');
        if (equals == std::string_view::npos) return spoil();
        const auto key = member.substr(0, equals);
        if (!isKey(key) || !isValue(member.substr(equals + 1)) || isTaken(key)) return spoil();
        const auto size = _text.size() + (_text.empty() ? 0 : 1) + member.size();
        if (++_members > maxMembers || size > maxSize) return spoil();
        if (!_text.empty()) _text += ',';
        _text += member;
    }
}

bool TraceState::isTaken(std::string_view key) const noexcept {
    for (std::string_view rest = _text; !rest.empty();) {
        auto member = takeMember(rest);
        if (takeMember(member, '=') == key) return true;
    }
    return false;
}

void TraceState::spoil() noexcept {
    _isInvalid = true;
    _text.clear();
}

}  // namespace changebank
