#include "changebank/daemon/revocation/StreamId.h"

#include <charconv>

namespace changebank::daemon {

namespace {

std::optional<std::uint64_t> number(std::string_view text) noexcept {
    std::uint64_t value = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) return std::nullopt;
    return value;
}

}  // namespace

std::optional<StreamId> StreamId::parse(std::string_view text) noexcept {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto milliseconds = number(text.substr(0, dash));
    const auto sequence = number(text.substr(dash + 1));
    if (!milliseconds || !sequence) return std::nullopt;
    return StreamId{*milliseconds, *sequence};
}

std::string StreamId::toText() const {
    return std::to_string(milliseconds) + "-" + std::to_string(sequence);
}

}  // namespace changebank::daemon
