#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace changebank::tests {

/// A program that a test started. It never outlives the test: the destructor kills it, and the kernel does so
/// if the thread that started it ends. All members may be called from any thread.
class Process {
public:
    using Environment = std::map<std::string, std::string>;

    /// Starts `program` (a path, or a name that PATH knows) with the test's environment plus `environment`,
    /// and `input` as its whole standard input. A program that cannot be started exits with 127.
    Process(const std::string& program, const std::vector<std::string>& arguments,
            const Environment& environment = {}, std::string input = {});
    ~Process();

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return _id; }

    /// Waits for a line on standard output or standard error in which the ECMAScript regular expression is
    /// found, and returns that line. std::nullopt when the time is over or the program ended without one.
    std::optional<std::string> waitForLine(const std::string& pattern, std::chrono::milliseconds timeout);

    /// Waits for the line `listening on HOST:PORT` and returns the port. Throws std::runtime_error with
    /// everything that the program has said if the line does not come in time.
    std::uint16_t waitForPort(std::chrono::milliseconds timeout = std::chrono::seconds(30));

    /// Sends a signal if the program still runs.
    void signal(int number);

    /// Asks the program to stop (SIGTERM).
    void terminate();

    /// Waits for the end of the program and of its output. Returns the exit status, or 128 plus the signal
    /// that ended it; std::nullopt when the time is over.
    std::optional<int> wait(std::chrono::milliseconds timeout = std::chrono::seconds(30));

    /// What the program has written to standard output so far.
    std::string output() const;

    /// What the program has written to standard error so far.
    std::string errors() const;

private:
    void readOutput(int output, int errors);
    void writeInput(int input, const std::string& text);
    void awaitExit();

    pid_t _id = -1;
    mutable std::mutex _mutex;
    std::condition_variable _changed;
    std::string _output;
    std::string _errors;
    bool _outputEnded = false;
    std::optional<int> _status;
    std::thread _reader;
    std::thread _writer;
    std::thread _waiter;
};

}  // namespace changebank::tests
