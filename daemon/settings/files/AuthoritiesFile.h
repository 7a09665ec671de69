#pragma once

#include <optional>
#include <string>

namespace changebank::daemon {

/// Why a file of certificate authorities cannot be used, if so, as the end of a sentence that begins with its
/// name.
std::optional<std::string> faultOfAuthorities(const std::string& path);

}  // namespace changebank::daemon
