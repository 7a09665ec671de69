#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::daemon {

/// Why a value is hardly what its author meant, though it has the right form, as a sentence without the
/// value: quotation marks, a comment behind it, a JSON list, a variable or invisible characters are part of a
/// value here, so that it matches nothing.
std::optional<std::string> suspicionOf(std::string_view value);

}  // namespace changebank::daemon
