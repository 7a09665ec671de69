#pragma once

#include <sys/types.h>

#include <string>

namespace changebank::daemon {

/// The file of a Unix socket on which this process listens. Has mode 0660; removed with this object unless it
/// has been replaced.
class SocketFile {
public:
    /// Throws Poco::SystemException if the mode cannot be set.
    explicit SocketFile(std::string path);
    ~SocketFile();

    SocketFile(const SocketFile&) = delete;
    SocketFile& operator=(const SocketFile&) = delete;

private:
    std::string _path;
    dev_t _device = 0;
    ino_t _inode = 0;
};

}  // namespace changebank::daemon
