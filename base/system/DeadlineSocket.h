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

/// A client connection, plain or TLS, with one deadline for connecting, the handshake, and all reads and
/// writes together. (POCO's timeouts restart with each operation, so a peer that sends a byte now and then
/// could hold it up for ever.) Name resolution is outside the deadline: it takes as long as the system's
/// resolver does. Must not be used by several threads at the same time.
class DeadlineSocket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    /// Resolves the host and connects, trying its addresses in turn. Throws Poco::TimeoutException after the
    /// deadline, and another Poco::Exception (its text names the cause) if the name cannot be resolved or no
    /// address can be reached.
    DeadlineSocket(const std::string& host, unsigned short port, Deadline deadline);

    /// Starts TLS. The peer's certificate must be trusted by the context and valid for the host. Throws
    /// Poco::TimeoutException or Poco::Net::SSLException.
    void startTls(Poco::Net::Context& context, const std::string& host);

    /// Sends all of it. Throws like startTls().
    void send(std::string_view text);

    /// Waits for data and reads up to `size` bytes into `buffer`. Returns how many, 0 at the end of the
    /// stream. Throws like startTls().
    std::size_t receive(char* buffer, std::size_t size);

private:
    void waitFor(int mode);
    /// After a failed SSL call: waits until it can be repeated, or throws. Returns false if the peer has
    /// closed the connection.
    bool waitForTls(int result, const char* what);

    Deadline _deadline;
    Poco::Net::StreamSocket _socket;
    std::unique_ptr<SSL, OpenSslDeleter<SSL_free>> _tls;
};

}  // namespace changebank
