#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Message.h>

#include <array>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <variant>
#include <vector>

#include "daemon/LoggingSection.h"
#include "daemon/Settings.h"

namespace changebank::daemon {

/// Who has something to log. `logging.loggers.*` refers to each by a name: "changebank", "access", "audit".
enum class LogSource : unsigned char { daemon, access, audit };
inline constexpr std::size_t logSources = 3;

/// Where messages go and which are important enough, as settings say it. Immutable, so that it can be
/// exchanged as a whole while other threads log; usable from any thread.
class LogOutput {
public:
    using Ptr = std::shared_ptr<const LogOutput>;

    /// Sets up POCO's logging by the settings, and opens the files that it writes to. Returns what is wrong
    /// with the section `logging.*`, if anything is. What was made before goes on working. From one thread at
    /// a time.
    static std::variant<Ptr, std::vector<LoggingFault>> of(const Settings& settings);

    /// The same output with another level for every source.
    Ptr withLevel(Poco::Message::Priority level) const;

    bool takes(LogSource source, Poco::Message::Priority priority) const noexcept {
        return priority <= _sinks[static_cast<std::size_t>(source)].level;
    }

    /// The level of the daemon's own messages.
    Poco::Message::Priority level() const noexcept {
        return static_cast<Poco::Message::Priority>(_sinks.front().level);
    }

    /// Writes the message, whatever its priority. Throws Poco::Exception where there is no channel, or where
    /// the channel notices that the message cannot be written. A file that could not be written, because the
    /// disk was full, is opened anew and tried once more, so that it is written again as soon as it can be.
    void write(LogSource source, Poco::Message message) const;

    /// Whether lines are JSON objects (`log.format`), so that a message may bring members of its own.
    bool isJson() const noexcept { return _isJson; }

    /// Opens every log file anew, for a program that moves them away. Returns why one cannot be opened, if
    /// so.
    std::optional<std::string> reopenFiles() const;

    /// For tests: everything goes to one channel.
    static Ptr to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json = false);

private:
    struct Sink {
        std::string name;
        Poco::AutoPtr<Poco::Channel> channel;
        int level = Poco::Message::PRIO_INFORMATION;
    };

    std::array<Sink, logSources> _sinks;
    /// POCO's channel looks for its open file before it locks it, so nobody may write while it is closed.
    /// Shared by copies, as the files are.
    struct Files {
        LoggingSection::Channels channels;
        std::shared_mutex reopening;
    };
    std::shared_ptr<Files> _files = std::make_shared<Files>();
    bool _isJson = false;
};

}  // namespace changebank::daemon
