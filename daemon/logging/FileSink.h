#pragma once

#include <string>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/logging/LineSink.h"
#include "changebank/daemon/logging/LineWriter.h"

namespace changebank::daemon {

/// Appends lines to a file. Before lines for which somebody waits, opens the path again if it no longer
/// refers to the open file, because that was removed or moved away.
class FileSink : public LineSink {
public:
    /// Whether lines for which somebody waits are flushed to the disk (fdatasync(2)).
    enum class Flush : bool { never, always };

    /// Opens the file, and creates it with mode 0640, less the umask, if it does not exist. Throws
    /// Poco::OpenFileException, also for a pipe that nobody reads.
    explicit FileSink(std::string path, Flush flush = Flush::never);

    int begin() override;
    Written write(std::span<const LogLine> lines) override { return _writer.write(_file.get(), lines); }
    int sync() override;

private:
    const std::string _path;
    const Flush _flush;
    FileDescriptor _file;
    LineWriter _writer;
};

}  // namespace changebank::daemon
