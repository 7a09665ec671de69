#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

#include <openssl/ssl.h>

namespace changebank {

/// A client connection, plain or TLS, on which every step ends at one deadline: connecting, the handshake,
/// and all reads and writes together. POCO's own time-outs start anew with each operation, so a peer that
/// sends a byte now and then holds them up for ever. For one thread.
class DeadlineSocket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Connects to a host, trying its addresses in turn. Throws Poco::TimeoutException when the deadline has
    /// come, and another Poco::Exception (its text names the cause) when no address can be reached.
    DeadlineSocket(const std::string& host, unsigned short port, Deadline deadline);

    /// Starts TLS: the peer's certificate must be trusted by the context and name the host. Throws
    /// Poco::TimeoutException or Poco::Net::SSLException.
    void startTls(Poco::Net::Context& context, const std::string& host);

    /// Sends all of it. Throws like startTls().
    void send(std::string_view text);

    /// Waits for bytes and puts up to `size` of them into `buffer`; returns how many came, 0 at the end of
    /// the stream. Throws like startTls().
    std::size_t receive(char* buffer, std::size_t size);

private:
    void waitFor(int mode);
    /// Decides after an SSL call that did not succeed: waits for what it wants, or throws. False: the peer
    /// has closed.
    bool waitForTls(int result, const char* what);

    Deadline _deadline;
    Poco::Net::StreamSocket _socket;
    std::unique_ptr<SSL, OpenSslDeleter<SSL_free>> _tls;
};

}  // namespace changebank
