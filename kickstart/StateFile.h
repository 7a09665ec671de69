#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "kickstart/Directory.h"
#include "kickstart/Limits.h"
#include "security/FileDescriptor.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// What is wrong with a state file, for a person: `FILE: PLACE: REASON`.
class StateFault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The file in which the state is kept from one start to the next. It holds private keys, so only its owner
/// may read it. While the object lives no other process can use the file. Its members are for one thread at a
/// time.
class StateFile {
public:
    /// Locks `FILE.lock` beside it. Throws StateFault if another process has it, or if it cannot be made.
    /// `limits` are those of the file.
    explicit StateFile(std::string path, const security::JsonLimits& limits = stateLimits);

    /// The state that was kept; std::nullopt if there is no file yet. Throws StateFault if the file is
    /// broken or too large, can be read by others than its owner, or cannot be read.
    std::optional<DirectoryState> read();

    /// Replaces the file as a whole, with mode 0600, if the state says anything new. Throws StateFault if
    /// that fails, or if the file would be too large to be read again; then the old file is still there. A
    /// keeper of the directory; see Directory::keepWith().
    void write(const DirectoryState& state);

private:
    std::string _path;
    const security::JsonLimits _limits;
    security::FileDescriptor _lock;
    std::string _lastText;
};

}  // namespace changebank::kickstart
