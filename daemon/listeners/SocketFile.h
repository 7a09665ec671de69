#pragma once

#include <sys/types.h>

#include <string>

namespace changebank::daemon {

/// The file of a Unix socket that this process listens on: of mode 0660 while it lives, and removed after it,
/// unless another has taken its place meanwhile.
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
