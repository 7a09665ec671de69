#pragma once

#include <Poco/Channel.h>

#include <mutex>
#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// Appends each message as one line to a file. Thread-safe.
class LogFile : public Poco::Channel {
public:
    /// Opens the file, and creates it with mode 0640, less the umask, if it does not exist. Throws
    /// Poco::OpenFileException.
    explicit LogFile(std::string path);

    /// Throws Poco::WriteFileException if the line cannot be written completely. The next line is attempted
    /// again.
    void log(const Poco::Message& message) override;

    /// Reopens the path after the file was moved away. Throws like the constructor, and then keeps the old
    /// file.
    void reopen();

private:
    const std::string _path;
    std::mutex _mutex;
    FileDescriptor _file;
    LineWriter _writer;
};

}  // namespace changebank::daemon
