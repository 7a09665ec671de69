#pragma once

#include <chrono>
#include <cstddef>

#include "changebank/daemon/http/message/RequestLimits.h"

namespace changebank::http {

/// Every number that bounds what a client can make the server do; the one place that defines them, those of
/// one request apart. A value: copy it, change what you like, hand it to a server, which keeps its own copy.
struct ServerLimits : RequestLimits {
    using Duration = std::chrono::milliseconds;

    // Deadlines. Each bounds a whole phase of a connection, not one read or write within it.

    /// From the accepted connection, or from the first byte of a later request, to the end of the request's
    /// head; a TLS handshake is part of it. Beyond it: 408 if a part of a head came, and close.
    Duration headerTimeout{10'000};
    /// From the end of the head to the end of the body. Beyond it: 408 and close.
    Duration bodyTimeout{10'000};
    /// Between an answer and the next request. Beyond it: close.
    Duration idleTimeout{60'000};
    /// From the first byte of an answer that the client does not take at once to its last. Beyond it: close.
    Duration writeTimeout{10'000};
    /// From the last byte of the last answer to the client's close (RFC 9112 section 9.6). Beyond it: close.
    Duration lingerTimeout{2'000};
    /// What a stopping server gives all connections together. Beyond it: close.
    Duration drainTimeout{30'000};
    /// What a stopping server gives a connection that is idle, for a request that may be on its way already.
    Duration drainGrace{250};

    // Connections.

    /// Open connections in all. One more is answered with 503 and closed; over TLS just closed.
    std::size_t maxConnections = 10'000;
    /// Open connections from one IP address, 0 for any number. One more is treated like one beyond
    /// maxConnections.
    std::size_t maxConnectionsPerClient = 0;

    // Threads.

    /// Event loops; 0 is one per processor that the process may use (Processors.h). For the whole life of a
    /// server.
    unsigned threads = 0;
    /// Threads for handlers that may block. For the whole life of a server.
    int blockingThreads = 16;
    /// Requests that wait for one of those threads. Beyond it: 503 and close.
    std::size_t maxBlockingQueue = 1'024;

    friend bool operator==(const ServerLimits&, const ServerLimits&) = default;
};

}  // namespace changebank::http
