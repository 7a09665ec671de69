#pragma once

#include <string>

namespace changebank::daemon {

/// A file that names this process, locked as long as the object lives and removed with it. Belongs to the
/// process that made it: not to be kept across a fork.
class PidFile {
public:
    /// Throws StartFailure: exitUnavailable if another process holds the file, exitConfiguration if it cannot
    /// be written.
    explicit PidFile(std::string path);
    ~PidFile();

    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;

private:
    std::string _path;
    int _descriptor = -1;
};

}  // namespace changebank::daemon
