#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Message.h>

#include <memory>

#include "changebank/daemon/logging/LogFile.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// The source of a message, as shown in lines: "changebank", "access", "audit".
enum class LogSource : unsigned char { daemon, access, audit };

/// The log's destination, format and minimum level, according to the settings. Immutable, so that it can be
/// replaced as a whole while other threads log. Thread-safe.
class LogOutput {
public:
    using Ptr = std::shared_ptr<const LogOutput>;

    /// Opens `log.target`. Throws Poco::OpenFileException. Leaves other outputs alone, even if they use the
    /// same file.
    static Ptr of(const Settings& settings);

    /// The same output with another level.
    Ptr withLevel(Poco::Message::Priority level) const;

    bool takes(Poco::Message::Priority priority) const noexcept { return priority <= _level; }
    Poco::Message::Priority level() const noexcept { return static_cast<Poco::Message::Priority>(_level); }

    /// Writes the message, regardless of its priority. Throws Poco::Exception without a channel or if the
    /// channel reports a failure.
    void write(LogSource source, Poco::Message message) const;

    /// Whether lines are JSON objects (`log.format`), to which a message may add members.
    bool isJson() const noexcept { return _isJson; }

    /// Reopens the log file, if any, after it was moved away. Throws Poco::OpenFileException, and then keeps
    /// the old file.
    void reopenFile() const;

    /// For tests: sends everything to one channel.
    static Ptr to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json = false);

private:
    Poco::AutoPtr<Poco::Channel> _channel;
    Poco::AutoPtr<LogFile> _file;
    int _level = Poco::Message::PRIO_INFORMATION;
    bool _isJson = false;
};

}  // namespace changebank::daemon
