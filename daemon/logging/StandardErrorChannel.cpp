#include "changebank/daemon/logging/StandardErrorChannel.h"

#include <Poco/Exception.h>
#include <Poco/Message.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "changebank/base/system/ErrnoText.h"

namespace changebank::daemon {

namespace {

/// POCO counts from 1, fatal, to 8, trace; syslog has nothing below debug, 7.
std::string journalPrefix(Poco::Message::Priority priority) {
    return "<" + std::to_string(std::min<int>(priority, Poco::Message::PRIO_DEBUG)) + ">";
}

}  // namespace

bool StandardErrorChannel::isJournal(int descriptor) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || ::fstat(descriptor, &status) != 0) return false;
    return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

StandardErrorChannel::StandardErrorChannel() : _toJournal(isJournal(STDERR_FILENO)) {}

void StandardErrorChannel::log(const Poco::Message& message) {
    auto line = _toJournal ? journalPrefix(message.getPriority()) + message.getText() : message.getText();
    const std::lock_guard lock(_mutex);
    if (const int error = _writer.write(STDERR_FILENO, std::move(line)); error != 0)
        throw Poco::WriteFileException("standard error", errnoText(error));
}

}  // namespace changebank::daemon
