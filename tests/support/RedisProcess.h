#pragma once

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/Process.h"
#include "tests/support/TemporaryFolder.h"

namespace changebank::tests {

/// A real redis-server or valkey-server on a Unix socket, with its data in a temporary folder. Can be stopped
/// and started again.
class RedisProcess {
public:
    struct Options {
        /// Whether every command is on the disk before it is answered; without it, a restart loses
        /// everything.
        bool isPersistent = false;
        /// Further ones of the server's command line.
        std::vector<std::string> arguments{};
    };

    /// Starts it and waits until it takes connections. Throws std::runtime_error if it does not.
    explicit RedisProcess(Options options) : _options(std::move(options)) { start(); }
    RedisProcess() : RedisProcess(Options()) {}

    /// Whether the machine has such a server. CHANGEBANK_REDIS_SERVER names another one.
    static bool isInstalled() { return !program().empty(); }
    static constexpr const char* otherwise = "redis-server is not installed";

    std::string socket() const { return _folder.file("redis.sock"); }
    /// For files that the server needs.
    const TemporaryFolder& folder() const { return _folder; }

    void start() {
        std::vector<std::string> arguments{"--port", "0", "--unixsocket", socket(),
                                           "--save", "",  "--dir",        _folder.file("")};
        if (_options.isPersistent) append(arguments, {"--appendonly", "yes", "--appendfsync", "always"});
        append(arguments, _options.arguments);
        _process = std::make_unique<Process>(program(), arguments);
        if (!_process->waitForLine("eady to accept connections", std::chrono::seconds(30)))
            throw std::runtime_error("redis-server does not start: " + _process->output());
    }

    /// Ends it at once.
    void kill() { _process.reset(); }
    /// Stalls it: it keeps its connections and answers nothing.
    void stall() { _process->signal(SIGSTOP); }
    void resume() { _process->signal(SIGCONT); }

private:
    static void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
        all.insert(all.end(), more.begin(), more.end());
    }

    static std::string program() {
        if (const char* named = std::getenv("CHANGEBANK_REDIS_SERVER")) return named;
        for (const std::string name : {"redis-server", "valkey-server"}) {
            std::istringstream folders(std::getenv("PATH"));
            for (std::string folder; std::getline(folders, folder, ':');)
                if (const auto path = folder + "/" + name; ::access(path.c_str(), X_OK) == 0) return path;
        }
        return {};
    }

    Options _options;
    TemporaryFolder _folder;
    std::unique_ptr<Process> _process;
};

}  // namespace changebank::tests
