#pragma once

#include <string>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Writes lines to an open descriptor, each with one system call if possible. Not thread-safe.
class LineWriter {
public:
    /// Opens a file to append lines to, and creates it with mode 0640, less the umask, if it does not exist.
    /// Throws Poco::OpenFileException.
    static FileDescriptor openToAppend(const std::string& path);

    /// Writes the text and a newline. Returns 0 or the errno value; a partially written line is terminated
    /// before the next one.
    int write(int descriptor, std::string line);

private:
    bool _torn = false;
};

}  // namespace changebank::daemon
