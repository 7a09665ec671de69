#include "changebank/daemon/settings/files/FileAccess.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/text/ForeignText.h"

namespace changebank::daemon {

namespace fs = std::filesystem;

namespace {

/// The path that opening it with O_CREAT would create: where symbolic links that lead nowhere end.
std::string endOfLinks(const std::string& path) {
    constexpr int maxLinks = 40;
    fs::path end(path);
    std::error_code error;
    for (int link = 0; link < maxLinks && fs::is_symlink(fs::symlink_status(end, error)); ++link)
        end = end.parent_path() / fs::read_symlink(end, error);
    return end.string();
}

}  // namespace

std::optional<std::string> faultOfReading(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return "cannot be read: " + errnoText();
    if (S_ISDIR(status.st_mode)) return "is a folder";
    if (!S_ISREG(status.st_mode)) return "is not a regular file";
    if (::access(path.c_str(), R_OK) != 0) return "cannot be read: " + errnoText();
    return std::nullopt;
}

std::optional<std::string> faultOfAppending(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        if (S_ISDIR(status.st_mode)) return inQuotes(path) + " is a folder";
        if (S_ISSOCK(status.st_mode)) return inQuotes(path) + " is a socket";
        if (::access(path.c_str(), W_OK) == 0) return std::nullopt;
    }
    if (errno != ENOENT) return inQuotes(path) + " cannot be written: " + errnoText();
    return faultOfFolder(endOfLinks(path));
}

std::optional<std::string> faultOfReplacing(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return inQuotes(path) + " is not a regular file";
    return faultOfFolder(path);
}

std::optional<std::string> faultOfFolder(const std::string& path) {
    const auto folder = path.substr(0, path.rfind('/') + 1);
    if (::access(folder.c_str(), W_OK | X_OK) == 0) return std::nullopt;
    return "the folder " + inQuotes(folder) + " cannot be written: " + errnoText();
}

bool isOneFile(const std::string& one, const std::string& other) {
    std::error_code error;
    return fs::path(one).lexically_normal() == fs::path(other).lexically_normal() ||
           fs::equivalent(one, other, error);
}

}  // namespace changebank::daemon
