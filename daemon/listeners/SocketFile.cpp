#include "changebank/daemon/listeners/SocketFile.h"

#include <Poco/Exception.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace changebank::daemon {

SocketFile::SocketFile(std::string path) : _path(std::move(path)) {
    struct stat status {};
    if (::chmod(_path.c_str(), 0660) != 0 || ::lstat(_path.c_str(), &status) != 0)
        throw Poco::SystemException("cannot set the mode of " + _path, errno);
    _device = status.st_dev;
    _inode = status.st_ino;
}

SocketFile::~SocketFile() {
    struct stat status {};
    if (::lstat(_path.c_str(), &status) == 0 && status.st_dev == _device && status.st_ino == _inode)
        ::unlink(_path.c_str());
}

}  // namespace changebank::daemon
