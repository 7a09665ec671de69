#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/load/LatencyHistogram.h"

namespace changebank::bench {

/// What a load client found.
struct LoadResult {
    std::uint64_t answers = 0;
    /// Answers with another status than the expected one.
    std::uint64_t unexpected = 0;
    /// Connections that failed or were closed by the server; each is opened again.
    std::uint64_t failures = 0;
    double seconds = 0;
    /// From the time at which a request was due to the end of its answer, so that a stalled server cannot
    /// hide behind requests that were not sent meanwhile.
    LatencyHistogram latency;
};

/// Sends requests to a server on this machine over connections that stay open, one request at a time on each.
/// Closed loop: each connection sends the next request when it has its answer. Open loop: requests are due at
/// a constant rate, whatever the server does, and go out on the connections in turn. For one thread.
class LoadClient {
public:
    struct Options {
        std::uint16_t port = 0;
        std::size_t connections = 16;
        std::chrono::milliseconds duration{5000};
        /// Requests a second of the open loop; 0: closed loop.
        double rate = 0;
        /// Stop after so many answers; 0: after the duration.
        std::uint64_t most = 0;
        /// Send each request once, and stop when all were sent and answered.
        bool once = false;
        int expectedStatus = 200;
    };

    /// `requests` are whole requests, sent in turn, from the first to the last and, unless `once` is set,
    /// over again; not empty.
    LoadClient(Options options, std::vector<std::string> requests);

    /// Throws Poco::Exception if the server cannot be reached.
    LoadResult run();

private:
    Options _options;
    std::vector<std::string> _requests;
};

}  // namespace changebank::bench
