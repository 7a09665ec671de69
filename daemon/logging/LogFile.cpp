#include "changebank/daemon/logging/LogFile.h"

#include <Poco/Exception.h>
#include <Poco/Message.h>

#include <utility>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

LogFile::LogFile(std::string path) : _path(std::move(path)), _file(LineWriter::openToAppend(_path)) {}

void LogFile::log(const Poco::Message& message) {
    const std::lock_guard lock(_mutex);
    if (const int error = _writer.write(_file.get(), message.getText()); error != 0)
        throw Poco::WriteFileException(_path, errnoText(error));
}

void LogFile::reopen() {
    auto file = LineWriter::openToAppend(_path);
    const std::lock_guard lock(_mutex);
    _file = std::move(file);
}

}  // namespace changebank::daemon
