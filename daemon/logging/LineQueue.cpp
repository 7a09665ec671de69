#include "changebank/daemon/logging/LineQueue.h"

#include <Poco/Exception.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>
#include <optional>
#include <span>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// Lines written at once, in bytes, so that those behind them can be withdrawn while the sink stalls.
constexpr std::size_t batchBytes = std::size_t{64} * 1024;

/// Somebody who waits for a line. Guarded by the queue's mutex.
struct Waiter {
    std::optional<int> result;
};

/// What a line is besides its text.
struct Entry {
    std::uint64_t number = 0;
    /// nullptr: nobody waits.
    std::shared_ptr<Waiter> waiter;
    /// The number of lost lines that this line reports.
    std::uint64_t reported = 0;
};

}  // namespace

class LineQueue::State {
public:
    State(std::unique_ptr<LineSink> sink, std::size_t capacity)
        : _sink(std::move(sink)), _capacity(capacity) {}

    void push(LogLine line) noexcept {
        const std::lock_guard lock(_mutex);
        try {
            if (enqueue(std::move(line), nullptr)) return;
        } catch (const std::bad_alloc&) {
            // Like a full queue.
        }
        ++_lost;
        ++_unreported;
    }

    int write(LogLine line, milliseconds patience) {
        const auto waiter = std::make_shared<Waiter>();
        std::unique_lock lock(_mutex);
        if (_writingSince && steady_clock::now() - *_writingSince >= patience) return ETIMEDOUT;
        if (!enqueue(std::move(line), waiter)) return ENOBUFS;
        _changed.wait_for(lock, patience, [&waiter] { return waiter->result.has_value(); });
        if (!waiter->result) withdraw(waiter);
        return waiter->result.value_or(ETIMEDOUT);
    }

    bool flush(milliseconds patience) {
        std::unique_lock lock(_mutex);
        const auto last = _numbered;
        return _changed.wait_for(lock, patience, [this, last] { return nextUnwritten() > last; });
    }

    void replaceSink(std::unique_ptr<LineSink> sink) {
        const std::lock_guard lock(_mutex);
        _nextSink = std::move(sink);
        _work.notify_one();
    }

    void setCapacity(std::size_t capacity) {
        const std::lock_guard lock(_mutex);
        _capacity = capacity;
    }

    void setLossReport(LossReport report) {
        const std::lock_guard lock(_mutex);
        _lossReport = std::move(report);
    }

    std::uint64_t lost() const {
        const std::lock_guard lock(_mutex);
        return _lost;
    }

    std::size_t queued() const {
        const std::lock_guard lock(_mutex);
        return _queued.size();
    }

    void close() {
        const std::lock_guard lock(_mutex);
        _isClosed = true;
        _work.notify_one();
    }

    /// The thread: writes lines until the queue is closed and empty.
    void run() {
        std::unique_lock lock(_mutex);
        while (true) {
            _work.wait(lock, [this] { return !_queued.empty() || _nextSink || _isClosed || owesReport(); });
            if (_nextSink) useNextSink(lock);
            if (_queued.empty() && _isClosed) return;
            try {
                if (owesReport()) enqueueReport();
                if (!_queued.empty()) writeBatch(lock);
            } catch (const std::bad_alloc&) {
                dropFirst();
            }
        }
    }

private:
    struct Queued {
        LogLine line;
        Entry entry;
    };
    /// Lines and, at the same places, what they are and what became of them: 0 or an errno value.
    struct Batch {
        std::vector<LogLine> lines;
        std::vector<Entry> entries;
        std::vector<int> results;
        std::size_t bytes = 0;
        bool isAwaited = false;
    };

    // All of these require the mutex.

    static std::size_t sizeOf(const LogLine& line) { return line.text.size() + sizeof(Queued); }

    bool enqueue(LogLine line, std::shared_ptr<Waiter> waiter) {
        const auto size = sizeOf(line);
        // Awaited lines are no more than the threads that wait, and must not give way to others.
        if (!waiter && _bytes > 0 && _bytes + size > _capacity) return false;
        if (_unreported > 0) enqueueReport();
        append(std::move(line), {0, std::move(waiter), 0});
        _work.notify_one();
        return true;
    }

    void append(LogLine line, Entry entry) {
        entry.number = _numbered + 1;
        const auto size = sizeOf(line);
        _queued.push_back({std::move(line), std::move(entry)});
        ++_numbered;
        _bytes += size;
    }

    /// After a failure the next line shows whether the sink works again.
    bool owesReport() const { return _unreported > 0 && !_hasFailed && _lossReport; }

    void enqueueReport() {
        if (_lossReport) append(_lossReport(_unreported), {0, nullptr, _unreported});
        _unreported = 0;
    }

    void withdraw(const std::shared_ptr<Waiter>& waiter) {
        const auto place = std::find_if(_queued.begin(), _queued.end(), [&waiter](const Queued& each) {
            return each.entry.waiter == waiter;
        });
        if (place == _queued.end()) return;
        _bytes -= sizeOf(place->line);
        _queued.erase(place);
        _changed.notify_all();
    }

    std::uint64_t nextUnwritten() const {
        if (_firstInBatch) return *_firstInBatch;
        return _queued.empty() ? _numbered + 1 : _queued.front().entry.number;
    }

    std::size_t linesOfBatch() const {
        std::size_t count = 0;
        std::size_t bytes = 0;
        for (; count < _queued.size() && bytes < batchBytes; ++count)
            bytes += sizeOf(_queued[count].line);
        return count;
    }

    /// Throws std::bad_alloc, and then leaves the queue as it is.
    Batch takeBatch() {
        Batch batch;
        const auto count = linesOfBatch();
        batch.lines.reserve(count);
        batch.entries.reserve(count);
        batch.results.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            auto& [line, entry] = _queued.front();
            batch.bytes += sizeOf(line);
            batch.isAwaited = batch.isAwaited || entry.waiter;
            batch.lines.push_back(std::move(line));
            batch.entries.push_back(std::move(entry));
            _queued.pop_front();
        }
        return batch;
    }

    void dropFirst() {
        if (_queued.empty()) return;
        settle(_queued.front().entry, ENOMEM);
        _hasFailed = true;
        _bytes -= sizeOf(_queued.front().line);
        _queued.pop_front();
        _changed.notify_all();
    }

    void useNextSink(std::unique_lock<std::mutex>& lock) {
        auto old = std::exchange(_sink, std::move(_nextSink));
        lock.unlock();
        old.reset();
        lock.lock();
    }

    void writeBatch(std::unique_lock<std::mutex>& lock) {
        auto batch = takeBatch();
        _firstInBatch = batch.entries.front().number;
        _writingSince = steady_clock::now();
        lock.unlock();
        write(batch);
        lock.lock();
        for (std::size_t i = 0; i < batch.results.size(); ++i)
            settle(batch.entries[i], batch.results[i]);
        _hasFailed = batch.results.back() != 0;
        _bytes -= batch.bytes;
        _firstInBatch.reset();
        _writingSince.reset();
        _changed.notify_all();
    }

    void settle(const Entry& entry, int result) {
        if (entry.waiter) {
            entry.waiter->result = result;
        } else if (result != 0) {
            _lost += entry.reported > 0 ? 0 : 1;
            _unreported += entry.reported > 0 ? entry.reported : 1;
        }
    }

    // These do not.

    void write(Batch& batch) const noexcept {
        int error = 0;
        try {
            error = batch.isAwaited ? _sink->begin() : 0;
            if (error == 0) writeEach(batch.lines, batch.results);
            if (error == 0 && batch.isAwaited) error = _sink->sync();
        } catch (const std::bad_alloc&) {
            error = ENOMEM;
        }
        if (error == 0) return;
        for (auto& result : batch.results)
            result = result == 0 ? error : result;
    }

    /// A line that cannot be written does not keep the others from being tried.
    void writeEach(std::span<const LogLine> lines, std::span<int> results) const {
        while (!lines.empty()) {
            const auto written = _sink->write(lines);
            if (written.error == 0) return;
            results[written.lines] = written.error;
            lines = lines.subspan(written.lines + 1);
            results = results.subspan(written.lines + 1);
        }
    }

    mutable std::mutex _mutex;
    /// There is something to do for the thread.
    std::condition_variable _work;
    /// Lines were written or withdrawn.
    std::condition_variable _changed;
    /// Used by the thread alone.
    std::unique_ptr<LineSink> _sink;
    std::unique_ptr<LineSink> _nextSink;
    std::size_t _capacity;
    LossReport _lossReport;
    std::deque<Queued> _queued;
    /// The size of queued lines and of those being written.
    std::size_t _bytes = 0;
    /// The number of the last line.
    std::uint64_t _numbered = 0;
    /// Set while lines are being written.
    std::optional<std::uint64_t> _firstInBatch;
    std::optional<steady_clock::time_point> _writingSince;
    std::uint64_t _lost = 0;
    std::uint64_t _unreported = 0;
    bool _hasFailed = false;
    bool _isClosed = false;
};

LineQueue::LineQueue(std::string name, std::unique_ptr<LineSink> sink, std::size_t capacity)
    : _name(std::move(name)), _state(std::make_shared<State>(std::move(sink), capacity)) {
    try {
        std::thread([state = _state] {
            ::pthread_setname_np(::pthread_self(), "log");
            state->run();
        }).detach();
    } catch (const std::system_error& error) {
        throw Poco::SystemException("cannot create a thread for " + _name, error.code().value());
    }
}

LineQueue::~LineQueue() {
    _state->close();
}

void LineQueue::push(LogLine line) noexcept {
    _state->push(std::move(line));
}

void LineQueue::write(LogLine line, milliseconds patience) {
    const int error = _state->write(std::move(line), patience);
    if (error == 0) return;
    const auto why =
        error == ETIMEDOUT ? "not written within " + DurationType::toText(patience) : errnoText(error);
    throw Poco::WriteFileException(_name, why);
}

bool LineQueue::flush(milliseconds patience) {
    return _state->flush(patience);
}

void LineQueue::replaceSink(std::unique_ptr<LineSink> sink) {
    flush();
    _state->replaceSink(std::move(sink));
}

void LineQueue::setCapacity(std::size_t capacity) {
    _state->setCapacity(capacity);
}

void LineQueue::setLossReport(LossReport report) {
    _state->setLossReport(std::move(report));
}

std::uint64_t LineQueue::lost() const {
    return _state->lost();
}

std::size_t LineQueue::queued() const {
    return _state->queued();
}

}  // namespace changebank::daemon
