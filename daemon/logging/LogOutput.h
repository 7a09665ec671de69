#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Message.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include "changebank/daemon/logging/LineQueue.h"
#include "changebank/daemon/settings/Settings.h"
#include "changebank/daemon/settings/values/LogTarget.h"

namespace changebank::daemon {

/// The source of a message, as shown in lines: "changebank", "access", "audit".
enum class LogSource : unsigned char { daemon, access, audit };

/// The log's destination, format and minimum level, according to the settings. Immutable, so that it can be
/// replaced as a whole while other threads log. Thread-safe.
class LogOutput {
public:
    using Ptr = std::shared_ptr<const LogOutput>;

    /// Opens `log.target`. Shares the queue of `current` if that has the same target, whose file is then
    /// reopened; leaves all other outputs alone. Throws Poco::OpenFileException.
    static Ptr of(const Settings& settings, const Ptr& current = nullptr);

    /// The same output with another level.
    Ptr withLevel(Poco::Message::Priority level) const;

    bool takes(Poco::Message::Priority priority) const noexcept { return priority <= _level; }
    Poco::Message::Priority level() const noexcept { return static_cast<Poco::Message::Priority>(_level); }

    /// Queues the message, regardless of its priority; never waits for the reader of the log. Throws
    /// Poco::Exception without a destination.
    void write(LogSource source, Poco::Message message) const;

    /// Writes the message and waits until it is written, at most for `patience`. Throws Poco::Exception if
    /// that fails or takes longer.
    void write(LogSource source, Poco::Message message, std::chrono::milliseconds patience) const;

    /// Whether lines are JSON objects (`log.format`), to which a message may add members.
    bool isJson() const noexcept { return _isJson; }

    /// Whether lines go to systemd's journal as entries, to which a message may add fields (JournalEntry).
    bool takesFields() const noexcept { return _target.kind == LogTarget::Kind::journal; }

    /// Reopens the log file, if any, after it was moved away. Throws Poco::OpenFileException, and then keeps
    /// the old file.
    void reopenFile() const;

    /// Gives the queue, which other outputs may share, this output's capacity and the format in which it
    /// reports lost lines.
    void configureQueue() const;

    /// Waits until all messages are written, at most for LineQueue::defaultPatience.
    void flush() const;

    bool sharesQueueWith(const LogOutput& other) const noexcept { return _queue == other._queue; }

    /// The number of lines lost since the start, here and in the outputs from which this one was made.
    std::uint64_t lost() const;

    /// For tests: the output of the settings, but to another sink than that of `log.target`.
    static Ptr through(std::unique_ptr<LineSink> sink, const Settings& settings);

    /// For tests: sends everything to one channel.
    static Ptr to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json = false);

private:
    static std::shared_ptr<LogOutput> withoutQueue(const Settings& settings);

    /// A message as a line.
    class Format;

    LogTarget _target;
    std::shared_ptr<Format> _format;
    /// nullptr: no destination, or _channel.
    std::shared_ptr<LineQueue> _queue;
    /// The number of lines lost in queues that this output does not share.
    std::uint64_t _lostBefore = 0;
    std::size_t _capacity = 0;
    Poco::AutoPtr<Poco::Channel> _channel;
    int _level = Poco::Message::PRIO_INFORMATION;
    bool _isJson = false;
};

}  // namespace changebank::daemon
