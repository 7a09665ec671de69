#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// A file of revocations, one line of JSON each, which survives a crash of the process and of the machine:
/// append() returns when the line is on the disk. Mode 0600; one process at a time. Not thread-safe.
class RevocationFile {
public:
    /// Opens or creates the file, takes it for this process (flock), and reads what is there. A last line
    /// without its line break was never acknowledged and is cut off. Everything else that cannot be read is a
    /// fault, since a revocation may be lost: the message names file, line and what to do.
    struct Opened;
    struct Fault {
        std::string why;
    };
    static std::variant<Opened, Fault> open(const std::string& path);

    /// Writes one more line and waits until it is on the disk. Returns why it failed, if it did (the disk is
    /// full); the file ends as before then.
    std::optional<std::string> append(const security::Revocation& revocation);

    /// Replaces the content by these, as a whole. Returns why it failed; the old content stays then.
    std::optional<std::string> rewrite(const std::vector<security::Revocation>& all);

    /// Lines that are in the file, with those of forgotten revocations.
    std::size_t lines() const noexcept { return _lines; }
    const std::string& path() const noexcept { return _path; }

private:
    std::string _path;
    FileDescriptor _file;
    std::size_t _lines = 0;
};

struct RevocationFile::Opened {
    RevocationFile file;
    std::vector<security::Revocation> revocations;
    /// What was cut off, for the log; empty: nothing.
    std::string note;
};

}  // namespace changebank::daemon
