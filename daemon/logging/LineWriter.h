#pragma once

#include <string>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::daemon {

/// Writes lines to an open descriptor, each with one call where the kernel takes it whole. Not usable from
/// two threads at once.
class LineWriter {
public:
    /// Opens a file to append lines to, and creates it with mode 0640, less the umask, if it does not exist.
    /// Throws Poco::OpenFileException.
    static FileDescriptor openToAppend(const std::string& path);

    /// Writes the text and a line's end. Returns 0, or the error number; a line of which a part was written
    /// then ends before the next one begins.
    int write(int descriptor, std::string line);

private:
    bool _torn = false;
};

}  // namespace changebank::daemon
