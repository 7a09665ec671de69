#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// A file of revocations, one line of JSON each, which survives a crash of the process and of the machine:
/// append() returns when the line is on the disk. Mode 0600. One process at a time: it holds a lock on
/// `PATH.lock`, an empty file beside it, which stays the same when rewrite() replaces the file. Not
/// thread-safe.
class RevocationFile {
public:
    /// Opens or creates the file, takes it for this process, and reads what is there. A last line without its
    /// line break was never acknowledged and is cut off. Everything else that cannot be read is a fault,
    /// since a revocation may be lost: the message names file, line and what to do. Nothing is changed then.
    struct Opened;
    struct Fault {
        std::string why;
    };
    static std::variant<Opened, Fault> open(const std::string& path);

    /// Why open() would fail by what is at the path, if so. Only reads, and takes nothing for this process:
    /// it may be the file of a daemon that runs. A file that is missing is good.
    static std::optional<Fault> check(const std::string& path);

    /// Writes a line for each and waits until all are on the disk. Returns why it failed, if it did (the disk
    /// is full); the file ends as before then. If it cannot be made to, or if another file is at the path
    /// now, the file is damaged: every append() fails until rewrite() succeeds.
    std::optional<std::string> append(const std::vector<security::Revocation>& revocations);
    bool isDamaged() const noexcept { return !_damage.empty(); }

    /// Replaces the content by these, as a whole. Returns why it failed; the old content stays then.
    std::optional<std::string> rewrite(const std::vector<security::Revocation>& all);

    /// Lines that are in the file, with those of forgotten revocations.
    std::size_t lines() const noexcept { return _lines; }
    const std::string& path() const noexcept { return _path; }

    RevocationFile(RevocationFile&&) noexcept = default;
    RevocationFile& operator=(RevocationFile&&) noexcept = default;

private:
    RevocationFile(std::string path, FileDescriptor lock, FileDescriptor file)
        : _path(std::move(path)), _lock(std::move(lock)), _file(std::move(file)) {}

    std::optional<std::string> write(const std::string& lines);
    /// Opens what replaced the file.
    std::optional<std::string> reopen();

    std::string _path;
    FileDescriptor _lock;
    FileDescriptor _file;
    /// Why nothing can be appended; empty: it can.
    std::string _damage;
    std::size_t _lines = 0;
};

struct RevocationFile::Opened {
    RevocationFile file;
    std::vector<security::Revocation> revocations;
    /// What was cut off, for the log; empty: nothing.
    std::string note;
};

}  // namespace changebank::daemon
