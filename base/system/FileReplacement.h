#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank {

/// Replaces a file atomically: a reader finds the old text or the new one, never a part. The new file has
/// mode 0600; it is written to `PATH.new`, flushed to the disk and renamed. Returns std::nullopt, or what
/// failed as `PATH: REASON`; the old file is unchanged then and `PATH.new` is removed. Not for several
/// writers of one path at the same time.
std::optional<std::string> replaceFile(const std::string& path, std::string_view text);

}  // namespace changebank
