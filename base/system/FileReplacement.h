#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank {

/// Writes a text to a file that only its owner may read (mode 0600) and puts it in the place of the one of
/// that path, so that a reader finds the old file or the new one and never a part. The new file is made as
/// `PATH.new` and is on the disk before it takes the place. std::nullopt, or what went wrong for a person,
/// and then the old file is still there.
std::optional<std::string> replaceFile(const std::string& path, std::string_view text);

}  // namespace changebank
