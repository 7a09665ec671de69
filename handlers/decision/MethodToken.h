#pragma once

#include <string_view>

namespace changebank::handlers {

/// Whether a text is a method that decisions are about: a token (RFC 9110 section 5.6.2) of 32 bytes at most,
/// without lower case, since methods are compared exactly by guards but not by every API.
bool isMethodToken(std::string_view text) noexcept;

}  // namespace changebank::handlers
