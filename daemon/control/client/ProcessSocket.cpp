#include "changebank/daemon/control/client/ProcessSocket.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace changebank::daemon {

namespace {

using Inodes = std::set<std::string>;

constexpr std::string_view programName = "changebankd";
/// __SO_ACCEPTCON of the kernel: the socket listens.
constexpr std::string_view listening = "00010000";
constexpr std::string_view socketLink = "socket:[";

/// The inodes of a process's open sockets.
Inodes socketsOf(const std::string& folder, std::error_code& error) {
    Inodes sockets;
    for (std::filesystem::directory_iterator each(folder + "/fd", error), end; !error && each != end;
         each.increment(error)) {
        std::error_code closedMeanwhile;
        const auto link = std::filesystem::read_symlink(each->path(), closedMeanwhile).string();
        if (link.starts_with(socketLink) && link.ends_with(']'))
            sockets.insert(link.substr(socketLink.size(), link.size() - socketLink.size() - 1));
    }
    return sockets;
}

/// The paths of these sockets that listen. The columns are those of proc(5): number, reference
/// count, protocol, flags, type, state, inode, path.
std::vector<std::string> listeningPaths(const std::string& folder, const Inodes& sockets) {
    std::vector<std::string> paths;
    std::ifstream table(folder + "/net/unix");
    for (std::string line; std::getline(table, line);) {
        std::istringstream columns(line);
        std::string number, references, protocol, flags, type, state, inode, path;
        columns >> number >> references >> protocol >> flags >> type >> state >> inode >> std::ws;
        std::getline(columns, path);
        if (flags == listening && path.starts_with('/') && sockets.contains(inode)) paths.push_back(path);
    }
    return paths;
}

bool isSameFile(const std::string& one, const std::string& other) {
    struct stat first {};
    struct stat second {};
    return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/// Another process's path, as this process can reach it.
std::string reached(const std::string& folder, const std::string& path) {
    const auto throughItsRoot = folder + "/root" + path;
    return isSameFile(path, throughItsRoot) ? path : throughItsRoot;
}

/// The API and other listeners of the daemon may have a Unix socket, too: they have no status.
bool isAdminSocket(const std::string& path) {
    constexpr int notFound = 404;
    constexpr int unauthorized = 401;
    const auto response = askDaemon(path, "GET", "/status");
    const auto* answer = std::get_if<AdminResponse>(&response);
    return answer == nullptr || (answer->status != notFound && answer->status != unauthorized);
}

AdminFault faultOf(pid_t process, const std::error_code& error) {
    const auto kind =
        error == std::errc::permission_denied ? AdminFault::Kind::forbidden : AdminFault::Kind::failed;
    return {kind, "process " + std::to_string(process) + " cannot be inspected: " + error.message()};
}

}  // namespace

std::variant<std::optional<std::string>, AdminFault> adminSocketOf(pid_t process) {
    const auto folder = "/proc/" + std::to_string(process);
    std::string name;
    std::getline(std::ifstream(folder + "/comm"), name);
    if (name != programName) {
        return AdminFault{AdminFault::Kind::notRunning,
                          "process " + std::to_string(process) +
                              (name.empty() ? " is not running" : " is not changebankd")};
    }
    std::error_code error;
    const auto sockets = socketsOf(folder, error);
    if (error) return faultOf(process, error);
    for (const auto& path : listeningPaths(folder, sockets)) {
        auto found = reached(folder, path);
        if (isAdminSocket(found)) return found;
    }
    return std::nullopt;
}

}  // namespace changebank::daemon
