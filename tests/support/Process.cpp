#include "tests/support/Process.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace changebank::tests {

namespace {

constexpr int cannotStart = 127;

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
            throw std::system_error(errno, std::generic_category(), "pipe2");
        }
        readEnd = ends[0];
        writeEnd = ends[1];
    }

    int readEnd = -1;
    int writeEnd = -1;
};

std::vector<std::string> mergedEnvironment(const Process::Environment& additions) {
    std::vector<std::string> entries;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (!additions.contains(text.substr(0, text.find('=')))) entries.push_back(text);
    }
    for (const auto& [name, value] : additions) {
        entries.push_back(name + "=" + value);
    }
    return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) {
        result.push_back(text.data());
    }
    result.push_back(nullptr);
    return result;
}

/// Reads what is there; false at the end of the stream.
bool readSome(int descriptor, std::string& buffer) {
    std::array<char, 4096> chunk{};
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count > 0) buffer.append(chunk.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && errno == EINTR);
}

std::optional<std::string> findLine(const std::string& text, const std::regex& pattern) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        // A line that has no end yet may still grow.
        if (lines.eof()) return std::nullopt;
        if (std::regex_search(line, pattern)) return line;
    }
    return std::nullopt;
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const Environment& environment, std::string input) {
    std::vector<std::string> argumentTexts{program};
    argumentTexts.insert(argumentTexts.end(), arguments.begin(), arguments.end());
    std::vector<std::string> environmentTexts = mergedEnvironment(environment);
    const auto argumentPointers = pointers(argumentTexts);
    const auto environmentPointers = pointers(environmentTexts);
    const Pipe in;
    const Pipe out;
    const Pipe err;
    const pid_t parent = ::getpid();

    _id = ::fork();
    if (_id < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (_id == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(cannotStart);
        ::dup2(in.readEnd, STDIN_FILENO);
        ::dup2(out.writeEnd, STDOUT_FILENO);
        ::dup2(err.writeEnd, STDERR_FILENO);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::signal(SIGPIPE, SIG_DFL);
        ::execvpe(program.c_str(), argumentPointers.data(), environmentPointers.data());
        ::_exit(cannotStart);
    }
    ::close(in.readEnd);
    ::close(out.writeEnd);
    ::close(err.writeEnd);
    _reader = std::thread([this, out, err] { readOutput(out.readEnd, err.readEnd); });
    _writer = std::thread([this, in, text = std::move(input)] { writeInput(in.writeEnd, text); });
    _waiter = std::thread([this] { awaitExit(); });
}

Process::~Process() {
    signal(SIGKILL);
    _waiter.join();
    _writer.join();
    _reader.join();
}

std::optional<std::string> Process::waitForLine(const std::string& pattern,
                                                std::chrono::milliseconds timeout) {
    const std::regex regex(pattern);
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::unique_lock lock(_mutex);
    while (true) {
        if (auto line = findLine(_output, regex)) return line;
        if (auto line = findLine(_errors, regex)) return line;
        if (_outputEnded) return std::nullopt;
        if (_changed.wait_until(lock, deadline) == std::cv_status::timeout) return std::nullopt;
    }
}

std::uint16_t Process::waitForPort(std::chrono::milliseconds timeout) {
    const auto line = waitForLine(R"(listening on \S+:\d+)", timeout);
    if (!line) {
        throw std::runtime_error("the program does not say where it listens; it said:\n" + output() +
                                 errors());
    }
    std::smatch match;
    std::regex_search(*line, match, std::regex(R"(listening on \S+:(\d+))"));
    return static_cast<std::uint16_t>(std::stoul(match[1]));
}

void Process::signal(int number) {
    const std::lock_guard lock(_mutex);
    if (!_status) ::kill(_id, number);
}

void Process::terminate() {
    signal(SIGTERM);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(_mutex);
    _changed.wait_for(lock, timeout, [this] { return _status && _outputEnded; });
    return _outputEnded ? _status : std::nullopt;
}

std::string Process::output() const {
    const std::lock_guard lock(_mutex);
    return _output;
}

std::string Process::errors() const {
    const std::lock_guard lock(_mutex);
    return _errors;
}

void Process::readOutput(int output, int errors) {
    std::array<pollfd, 2> streams{{{output, POLLIN, 0}, {errors, POLLIN, 0}}};
    const std::array<std::string*, 2> buffers{&_output, &_errors};
    while (streams[0].fd >= 0 || streams[1].fd >= 0) {
        if (::poll(streams.data(), streams.size(), -1) < 0) continue;
        const std::lock_guard lock(_mutex);
        for (std::size_t i = 0; i < streams.size(); ++i) {
            if (streams[i].revents == 0 || readSome(streams[i].fd, *buffers[i])) continue;
            ::close(streams[i].fd);
            streams[i].fd = -1;
        }
        _changed.notify_all();
    }
    const std::lock_guard lock(_mutex);
    _outputEnded = true;
    _changed.notify_all();
}

void Process::writeInput(int input, const std::string& text) {
    // A program that ends before it has read everything is no error of the test's.
    sigset_t brokenPipe;
    sigemptyset(&brokenPipe);
    sigaddset(&brokenPipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &brokenPipe, nullptr);
    std::size_t written = 0;
    while (written < text.size()) {
        const auto count = ::write(input, text.data() + written, text.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        written += static_cast<std::size_t>(count);
    }
    ::close(input);
}

void Process::awaitExit() {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(_id), &ended, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    // Reaped under the lock, so that signal() never hits another process that got the same id.
    const std::lock_guard lock(_mutex);
    int status = 0;
    ::waitpid(_id, &status, 0);
    _status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    _changed.notify_all();
}

}  // namespace changebank::tests
