#pragma once

#include <chrono>
#include <cstddef>

#include "changebank/daemon/http/message/RequestLimits.h"

namespace changebank::http {

/// All limits on what clients can make the server do, with their defaults. A value: the server keeps a copy.
struct ServerLimits : RequestLimits {
    using Duration = std::chrono::milliseconds;

    // Deadlines. Each limits a whole phase of a connection, not a single read or write.

    /// From the accepted connection, or from the first byte of a later request, to the end of the request's
    /// head, including a TLS handshake. Beyond it: 408 if part of a head has arrived, and close.
    Duration headerTimeout{10'000};
    /// From the end of the head to the end of the body. Beyond it: 408 and close.
    Duration bodyTimeout{10'000};
    /// Between a response and the next request. Beyond it: close.
    Duration idleTimeout{60'000};
    /// From the first byte of a response that the socket does not take immediately to its last. Beyond it:
    /// close.
    Duration writeTimeout{10'000};
    /// From the last byte of the last response to the client's close (RFC 9112 section 9.6). Beyond it:
    /// close.
    Duration lingerTimeout{2'000};
    /// Time for a stopping server to finish all requests. Beyond it: close.
    Duration drainTimeout{30'000};
    /// Time that a stopping server leaves an idle connection for a request already on its way.
    Duration drainGrace{250};

    // Connections.

    /// Open connections in total. Beyond it: 503 and close; over TLS only close.
    std::size_t maxConnections = 10'000;
    /// Open connections from one IP address; 0 means unlimited. Beyond it: as for maxConnections.
    std::size_t maxConnectionsPerClient = 0;

    // Threads.

    /// Event loops; 0 means one per usable processor (Processors.h). Fixed when the server is constructed.
    unsigned threads = 0;
    /// Threads for blocking handlers. Fixed when the server is constructed.
    int blockingThreads = 16;
    /// Threads for blocking handlers of BlockingRequestHandler::Capacity::reserved, besides those. Fixed when
    /// the server is constructed.
    int reservedThreads = 4;
    /// Requests waiting for one of those threads, of each capacity. Beyond it: 503 and close.
    std::size_t maxBlockingQueue = 1'024;

    friend bool operator==(const ServerLimits&, const ServerLimits&) = default;
};

}  // namespace changebank::http
