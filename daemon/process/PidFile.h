#pragma once

#include <string>

namespace changebank::daemon {

/// A pid file, locked during this object's lifetime and removed at its end. Belongs to the creating process:
/// do not keep it across a fork.
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
