#pragma once

#include <string>

namespace changebank {

/// A digest of a file's content, to see whether a file that was read has other content now, under whatever
/// name. Empty if the path is empty or the file cannot be read. Take it before reading the file: one that is
/// replaced in between then counts as changed.
std::string fileFingerprint(const std::string& path);

}  // namespace changebank
