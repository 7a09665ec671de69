#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "changebank/daemon/logging/LineSink.h"

namespace changebank::daemon {

/// A bounded queue of lines in front of a sink, with a thread that writes them, so that a sink that stalls
/// (a full pipe, a hung disk) holds up nobody else. Lines keep their order. Lines that do not fit or cannot
/// be written are lost; their number is counted, and a line reports it once the sink takes lines again.
/// Thread-safe.
class LineQueue {
public:
    /// Makes the line that reports how many lines were lost.
    using LossReport = std::function<LogLine(std::uint64_t lost)>;

    /// How long operators' commands and the end of the program wait for a sink.
    static constexpr std::chrono::seconds defaultPatience{1};

    /// `name` is the sink's in error messages. `capacity` is the maximum size of the queued lines, in bytes;
    /// a single longer line fits an empty queue. Throws std::system_error if there are no more threads.
    LineQueue(std::string name, std::unique_ptr<LineSink> sink, std::size_t capacity);

    /// Does not wait: the queued lines are still written if the process lives that long.
    ~LineQueue();

    LineQueue(const LineQueue&) = delete;
    LineQueue& operator=(const LineQueue&) = delete;

    /// Queues a line without waiting for the sink.
    void push(LogLine line) noexcept;

    /// Queues a line and waits until it is written and durable, at most for `patience`, and not at all while
    /// the sink has already stalled for that long. Throws Poco::WriteFileException if it cannot be written or
    /// was not written in time. Such a line may still be written if the sink has begun with it; otherwise it
    /// is withdrawn. It does not count as lost.
    void write(LogLine line, std::chrono::milliseconds patience);

    /// Waits until the lines queued so far are written or lost, at most for `patience`; returns whether they
    /// are.
    bool flush(std::chrono::milliseconds patience = defaultPatience);

    /// Writes to another sink from the next line on, after a flush().
    void replaceSink(std::unique_ptr<LineSink> sink);

    void setCapacity(std::size_t capacity);

    /// How losses are reported from now on; not at all without one.
    void setLossReport(LossReport report);

    /// The number of lines lost so far.
    std::uint64_t lost() const;

    /// The number of lines that the sink was not given yet.
    std::size_t queued() const;

private:
    class State;

    const std::string _name;
    /// Shared with the thread, which may outlive this object while its sink stalls.
    std::shared_ptr<State> _state;
};

}  // namespace changebank::daemon
