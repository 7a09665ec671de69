#include "changebank/daemon/revocation/RevocationFile.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/FileReplacement.h"
#include "changebank/base/system/Uninterrupted.h"
#include "changebank/base/system/WriteAll.h"
#include "changebank/base/text/Json.h"

namespace changebank::daemon {

namespace {

using security::Revocation;
using Fault = RevocationFile::Fault;

/// In bytes. No revocation takes more, whatever has to be escaped.
constexpr std::size_t maxLineSize = std::size_t{16} * 1024;
constexpr int safeFlags = O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK;
constexpr int openFlags = O_RDWR | O_APPEND | safeFlags;

Fault systemFault(const std::string& path) {
    return {path + ": " + (errno == ELOOP ? "is a symbolic link" : errnoText())};
}

/// A new file's name, or a renamed one's, is on the disk after this.
bool flushFolderOf(const std::string& path) {
    const auto folder = path.substr(0, path.rfind('/') + 1);
    const FileDescriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened && ::fsync(opened.get()) == 0;
}

/// Reads the state of an opened file. Returns why it cannot be used, if so.
std::optional<Fault> faultOfType(int file, const std::string& path, struct stat& status) {
    if (::fstat(file, &status) != 0) return systemFault(path);
    if (!S_ISREG(status.st_mode)) return Fault{path + ": is not a regular file"};
    return std::nullopt;
}

std::variant<FileDescriptor, Fault> lock(const std::string& path) {
    const auto lockPath = path + ".lock";
    FileDescriptor file(::open(lockPath.c_str(), openFlags | O_CREAT, 0600));
    if (!file) return systemFault(lockPath);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return file;
    if (errno == EWOULDBLOCK) return Fault{path + ": another process uses the file"};
    return systemFault(lockPath);
}

std::variant<FileDescriptor, Fault> openFile(const std::string& path) {
    FileDescriptor file(::open(path.c_str(), openFlags | O_CREAT, 0600));
    if (!file) return systemFault(path);
    struct stat status {};
    if (auto fault = faultOfType(file.get(), path, status)) return std::move(*fault);
    if ((status.st_mode & 0777) != 0600 && ::fchmod(file.get(), 0600) != 0) return systemFault(path);
    if (!flushFolderOf(path)) return systemFault(path);
    return file;
}

std::optional<Revocation> revocationOf(std::string_view line) {
    const auto json = Json::parse(line, {.size = maxLineSize});
    return json ? Revocation::fromJson(*json) : std::nullopt;
}

/// What can be left of a line that was being written when the machine stopped: its beginning, or zeros.
bool isTorn(std::string_view rest) {
    return rest.size() <= maxLineSize &&
           (rest.front() == '{' || rest.find_first_not_of('\0') == std::string_view::npos);
}

/// Reads the lines of a file, piece by piece.
class Lines {
public:
    explicit Lines(std::string path) : _path(std::move(path)) {}

    /// Takes the next bytes. Returns false at a fault.
    bool add(std::string_view bytes) {
        _rest += bytes;
        std::size_t begin = 0;
        for (auto end = _rest.find('\n'); end != std::string::npos; end = _rest.find('\n', begin)) {
            auto revocation = revocationOf(std::string_view(_rest).substr(begin, end - begin));
            if (!revocation) return false;
            revocations.push_back(std::move(*revocation));
            begin = end + 1;
        }
        _rest.erase(0, begin);
        return _rest.empty() || isTorn(_rest);
    }

    const std::string& rest() const noexcept { return _rest; }

    Fault fault() const {
        return {
            _path + ":" + std::to_string(revocations.size() + 1) +
            ": the line is not a revocation, so one may be lost: repair or remove the line, or move the file "
            "away to start without the revocations in it"};
    }

    std::vector<Revocation> revocations;

private:
    std::string _path;
    std::string _rest;
};

std::optional<Fault> read(int file, const std::string& path, Lines& lines) {
    std::string part(std::size_t{256} * 1024, '\0');
    while (true) {
        const auto size = uninterrupted([&] { return ::read(file, part.data(), part.size()); });
        if (size < 0) return systemFault(path);
        if (size == 0) return std::nullopt;
        if (!lines.add(std::string_view(part).substr(0, static_cast<std::size_t>(size))))
            return lines.fault();
    }
}

bool cutOff(int file, std::size_t count) {
    struct stat status {};
    return ::fstat(file, &status) == 0 &&
           ::ftruncate(file, status.st_size - static_cast<off_t>(count)) == 0 && ::fdatasync(file) == 0;
}

std::string linesOf(const std::vector<Revocation>& revocations) {
    std::string lines;
    for (const auto& revocation : revocations)
        lines += revocation.toJson() + "\n";
    return lines;
}

/// Whether the path still leads to the open file.
bool isAt(const std::string& path, const struct stat& opened) {
    struct stat named {};
    return ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

}  // namespace

std::variant<RevocationFile::Opened, Fault> RevocationFile::open(const std::string& path) {
    auto locked = lock(path);
    if (auto* fault = std::get_if<Fault>(&locked)) return std::move(*fault);
    auto opened = openFile(path);
    if (auto* fault = std::get_if<Fault>(&opened)) return std::move(*fault);
    const int descriptor = std::get<FileDescriptor>(opened).get();
    Lines lines(path);
    if (auto fault = read(descriptor, path, lines)) return std::move(*fault);
    std::string note;
    if (const auto size = lines.rest().size(); size > 0) {
        if (!cutOff(descriptor, size)) return systemFault(path);
        note = path + ": cut off the " + std::to_string(size) + " bytes of a last line that was not finished";
    }
    RevocationFile file(path, std::get<FileDescriptor>(std::move(locked)),
                        std::get<FileDescriptor>(std::move(opened)));
    file._lines = lines.revocations.size();
    return Opened{std::move(file), std::move(lines.revocations), std::move(note)};
}

std::optional<Fault> RevocationFile::check(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | safeFlags));
    if (!file) return errno == ENOENT ? std::nullopt : std::optional(systemFault(path));
    struct stat status {};
    if (auto fault = faultOfType(file.get(), path, status)) return fault;
    Lines lines(path);
    return read(file.get(), path, lines);
}

std::optional<std::string> RevocationFile::append(const std::vector<Revocation>& revocations) {
    if (isDamaged()) return _damage;
    auto failure = write(linesOf(revocations));
    if (!failure) _lines += revocations.size();
    return failure;
}

std::optional<std::string> RevocationFile::write(const std::string& lines) {
    struct stat before {};
    if (::fstat(_file.get(), &before) != 0) return _path + ": " + errnoText();
    if (!isAt(_path, before)) {
        _damage = _path + ": another file, or none, is in the place of the one that was opened";
        return _damage;
    }
    if (writeAll(_file.get(), lines) && ::fdatasync(_file.get()) == 0) return std::nullopt;
    const auto why = _path + ": " + errnoText();
    if (::ftruncate(_file.get(), before.st_size) != 0)
        _damage = why + "; what was written cannot be cut off: " + errnoText();
    return _damage.empty() ? why : _damage;
}

std::optional<std::string> RevocationFile::rewrite(const std::vector<Revocation>& all) {
    if (auto failure = replaceFile(_path, linesOf(all))) return failure;
    _lines = all.size();
    return reopen();
}

std::optional<std::string> RevocationFile::reopen() {
    auto opened = openFile(_path);
    if (const auto* fault = std::get_if<Fault>(&opened)) {
        _damage = fault->why;
        return _damage;
    }
    _file = std::get<FileDescriptor>(std::move(opened));
    _damage.clear();
    return std::nullopt;
}

}  // namespace changebank::daemon
