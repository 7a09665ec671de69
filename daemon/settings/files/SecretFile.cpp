#include "changebank/daemon/settings/files/SecretFile.h"

#include <sys/stat.h>

#include <fstream>
#include <utility>

#include "changebank/daemon/settings/files/FileAccess.h"

namespace changebank::daemon {

std::variant<std::string, BadSecret> readGuardedFile(const std::string& path, std::size_t maxSize) {
    if (auto why = faultOfReading(path)) return BadSecret{std::move(*why)};
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return BadSecret{"cannot be read"};
    if ((status.st_mode & S_IRWXO) != 0)
        return BadSecret{"is open to every user of this machine; run chmod o= on it"};
    std::ifstream file(path, std::ios::binary);
    std::string content(maxSize + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad()) return BadSecret{"cannot be read"};
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > maxSize) return BadSecret{"has more than " + std::to_string(maxSize) + " bytes"};
    return content;
}

std::variant<std::string, BadSecret> readSecretFile(const std::string& path, std::size_t minSize) {
    constexpr std::size_t maxSize = std::size_t{4} * 1024;
    auto read = readGuardedFile(path, maxSize);
    if (std::holds_alternative<BadSecret>(read)) return read;
    auto& content = std::get<std::string>(read);
    while (content.ends_with('\n') || content.ends_with('\r'))
        content.pop_back();
    if (content.size() < minSize)
        return BadSecret{"has less than " + std::to_string(minSize) +
                         " bytes; fill it by openssl rand -base64 48"};
    return read;
}

}  // namespace changebank::daemon
