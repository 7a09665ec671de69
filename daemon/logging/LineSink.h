#pragma once

#include <Poco/Message.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

namespace changebank::daemon {

/// One line of a log, without its end.
struct LogLine {
    std::string text;
    Poco::Message::Priority priority = Poco::Message::PRIO_INFORMATION;
};

/// The priority of syslog(3). POCO counts from 1, fatal, to 8, trace; syslog has nothing below debug, 7.
constexpr int syslogPriority(Poco::Message::Priority priority) {
    return std::min<int>(priority, Poco::Message::PRIO_DEBUG);
}

/// Where lines are written. Used by one thread, a LineQueue's, which it may hold up.
class LineSink {
public:
    /// How many lines were written, and 0 or the errno value of the first that was not.
    struct Written {
        std::size_t lines = 0;
        int error = 0;
    };

    LineSink() = default;
    virtual ~LineSink() = default;
    LineSink(const LineSink&) = delete;
    LineSink& operator=(const LineSink&) = delete;

    /// Writes lines in their order and stops at the first that cannot be written.
    virtual Written write(std::span<const LogLine> lines) = 0;

    /// Called before lines for which somebody waits; makes sure that they will be found later. Returns 0 or
    /// the errno value.
    virtual int begin() { return 0; }

    /// Called after lines for which somebody waits; makes them durable. Returns 0 or the errno value.
    virtual int sync() { return 0; }
};

}  // namespace changebank::daemon
