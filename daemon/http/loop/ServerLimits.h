#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "changebank/base/trace/TraceSampling.h"
#include "changebank/daemon/http/loop/ProxyTrust.h"
#include "changebank/daemon/http/message/RequestLimits.h"

namespace changebank::http {

/// All limits on what clients can make the server do, with their defaults, who counts as the client, and what
/// browsers are told. A value: the server keeps a copy.
struct ServerLimits : RequestLimits {
    using Duration = std::chrono::milliseconds;

    // Deadlines. Each limits a whole phase of a connection, not a single read or write.

    /// From the accepted connection, or from the first byte of a later request, to the end of the request's
    /// head, including a TLS handshake. Beyond it: 408 if part of a head has arrived, and close.
    Duration headerTimeout{10'000};
    /// From the end of the head to the end of the body. Beyond it: 408 and close.
    Duration bodyTimeout{10'000};
    /// Between a response and the next request. Beyond it: close. Longer than proxies in front keep an idle
    /// connection (mostly 60 s), since a request that meets the close is lost.
    Duration idleTimeout{75'000};
    /// From the first byte of a response that the socket does not take immediately to its last. Beyond it:
    /// close.
    Duration writeTimeout{10'000};
    /// From the last byte of the last response to the client's close (RFC 9112 section 9.6). Beyond it:
    /// close.
    Duration lingerTimeout{2'000};
    /// Time for which a stopping server serves on, with "Connection: close" in each response, so that load
    /// balancers can leave it. Then it drains.
    Duration drainDelay{0};
    /// Time for a draining server to finish all requests. Beyond it: close.
    Duration drainTimeout{30'000};
    /// Time that a draining server leaves an idle connection for a request already on its way, and TCP
    /// handshakes to be completed.
    Duration drainGrace{250};

    // Connections.

    /// The proxies in front; nullptr: none is trusted. The client of a connection is the other end, or the
    /// one named by the PROXY header with which a trusted proxy begins it; one without that header is closed.
    /// The client of a request is that of its connection or, if that is a trusted proxy, the one that the
    /// field names (ForwardedClient.h). On a connection whose PROXY header names no client, though the proxy
    /// does not speak for itself (UNKNOWN, UNSPEC, a Unix socket), the field is not read either, since that
    /// client may have sent it: all requests are the proxy's.
    std::shared_ptr<const ProxyTrust> proxies{};
    /// Open connections in total. Beyond it: 503 and close; over TLS only close.
    std::size_t maxConnections = 10'000;
    /// Open connections from one client; 0 means unlimited. Beyond it: as for maxConnections. A connection
    /// whose client is a trusted proxy is exempt: its requests count for the clients that the field names,
    /// from the end of the head to the response. Beyond it: 503 and close. Clients that a PROXY header does
    /// not name are not limited at all: nobody can tell them apart. A client is an IPv4 address or, since a
    /// host usually has a whole /64 (RFC 4291 section 2.5.4), the leading `ipv6ClientPrefix` bits of an IPv6
    /// address, 1 to 128.
    std::size_t maxConnectionsPerClient = 0;
    unsigned ipv6ClientPrefix = 64;
    /// Bytes of memory that all connections together hold, by estimate: requests that are incomplete or
    /// handled, responses that clients do not read, TLS. Beyond it those that have held memory longest are
    /// closed, with a 503 if they are sending a request; then those that have been idle longest.
    std::size_t maxConnectionMemory = std::size_t{128} * 1024 * 1024;
    /// Bytes that a client sends for its TLS handshake. Beyond it: close.
    std::size_t maxHandshakeBytes = std::size_t{32} * 1024;

    // What it tells those who watch.

    /// Whether requests get spans, of which the observer is told.
    TraceSampling tracing{};

    // What it tells browsers.

    /// The max-age of the field Strict-Transport-Security in every response over TLS (RFC 6797 section
    /// 6.1.1), unless the request is for a loopback name or address (StrictTransport.h); 0: none.
    std::chrono::seconds hstsMaxAge{0};

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
