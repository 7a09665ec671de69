#include "changebank/base/trace/TraceParent.h"

#include <algorithm>

namespace changebank {

namespace {

bool isHex(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool isId(std::string_view text) noexcept {
    return isHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

/// The bit of a hexadecimal digit.
bool isOdd(char digit) noexcept {
    return ((digit <= '9' ? digit - '0' : digit - 'a' + 10) & 1) != 0;
}

}  // namespace

TraceParent::TraceParent(std::string_view traceId, std::string_view parentId, bool isSampled) noexcept
    : _text{'0', '0', '-'} {
    auto* end = std::copy_n(traceId.data(), traceIdSize, _text.data() + 3);
    *end++ = '-';
    end = std::copy_n(parentId.data(), spanIdSize, end);
    *end++ = '-';
    *end++ = '0';
    *end = isSampled ? '1' : '0';
}

std::optional<TraceParent> TraceParent::parse(std::string_view value) noexcept {
    constexpr std::size_t size = 55;
    if (value.size() < size || value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
    const auto version = value.substr(0, 2);
    if (!isHex(version) || version == "ff") return std::nullopt;
    if (value.size() > size && (version == "00" || value[size] != '-')) return std::nullopt;
    const auto traceId = value.substr(3, traceIdSize);
    const auto parentId = value.substr(36, spanIdSize);
    const auto flags = value.substr(53, 2);
    if (!isId(traceId) || !isId(parentId) || !isHex(flags)) return std::nullopt;
    return TraceParent(traceId, parentId, isOdd(flags[1]));
}

}  // namespace changebank
