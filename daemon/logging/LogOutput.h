#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Message.h>

#include <memory>

#include "changebank/daemon/logging/LogFile.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// Who has something to log. Lines name each: "changebank", "access", "audit".
enum class LogSource : unsigned char { daemon, access, audit };

/// Where messages go, in which format, and which are important enough, as settings say it. Immutable, so that
/// it can be replaced as a whole while other threads log; usable from any thread.
class LogOutput {
public:
    using Ptr = std::shared_ptr<const LogOutput>;

    /// Opens what `log.target` names. Throws Poco::OpenFileException. Whatever was opened before is left as
    /// it is, even if it is the same file.
    static Ptr of(const Settings& settings);

    /// The same output with another level.
    Ptr withLevel(Poco::Message::Priority level) const;

    bool takes(Poco::Message::Priority priority) const noexcept { return priority <= _level; }
    Poco::Message::Priority level() const noexcept { return static_cast<Poco::Message::Priority>(_level); }

    /// Writes the message, whatever its priority. Throws Poco::Exception where there is no channel, or where
    /// the channel notices that the message cannot be written.
    void write(LogSource source, Poco::Message message) const;

    /// Whether lines are JSON objects (`log.format`), so that a message may bring members of its own.
    bool isJson() const noexcept { return _isJson; }

    /// Opens the log file again, because it was moved away; without one does nothing. Throws
    /// Poco::OpenFileException, and then the old file is still written to.
    void reopenFile() const;

    /// For tests: everything goes to one channel.
    static Ptr to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json = false);

private:
    Poco::AutoPtr<Poco::Channel> _channel;
    Poco::AutoPtr<LogFile> _file;
    int _level = Poco::Message::PRIO_INFORMATION;
    bool _isJson = false;
};

}  // namespace changebank::daemon
