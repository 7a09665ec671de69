#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace changebank::daemon {

/// Why a secret cannot be used, as the end of a sentence that begins with the file's name. Never shows
/// content.
struct BadSecret {
    std::string why;
};

/// The content of a file with a secret, `maxSize` bytes at most. Everybody but the owner and the group must
/// be kept from reading the file.
std::variant<std::string, BadSecret> readGuardedFile(const std::string& path, std::size_t maxSize);

/// The secret in such a file: its bytes without a line break at the end, `minSize` of them at least and 4 KiB
/// at most.
std::variant<std::string, BadSecret> readSecretFile(const std::string& path, std::size_t minSize);

}  // namespace changebank::daemon
