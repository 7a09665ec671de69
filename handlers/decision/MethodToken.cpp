#include "changebank/handlers/decision/MethodToken.h"

#include <algorithm>
#include <cstddef>

#include "changebank/base/text/Ascii.h"

namespace changebank::handlers {

namespace {

constexpr std::size_t maxLength = 32;

bool isOfToken(char c) noexcept {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'A' && c <= 'Z') || isDigit(c) || others.find(c) != std::string_view::npos;
}

}  // namespace

bool isMethodToken(std::string_view text) noexcept {
    return !text.empty() && text.size() <= maxLength && std::all_of(text.begin(), text.end(), isOfToken);
}

}  // namespace changebank::handlers
