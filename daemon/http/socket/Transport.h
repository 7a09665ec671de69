#pragma once

#include <Poco/Net/Context.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include "changebank/base/system/FileDescriptor.h"

namespace changebank::http {

/// The bytes of one connection, plain or through TLS, without ever waiting. For one thread.
///
/// TLS is driven on OpenSSL's SSL object with the context's SSL_CTX rather than by
/// Poco::Net::SecureStreamSocket: that class consults SSL_get_error() without clearing the thread's error
/// queue first, reports "would block" differently in POCO 1.11, 1.13 and 1.14, and by exceptions where it
/// should be by value.
class Transport {
public:
    enum class Status {
        Done,     ///< Something was moved, or the handshake is over.
        Blocked,  ///< Nothing can be done now; an edge of readability or writability will tell.
        Ended,    ///< The peer sends no more.
        Failed    ///< The connection is of no further use.
    };
    struct Result {
        Status status;
        std::size_t bytes = 0;
    };

    /// Takes a non-blocking stream socket. With a context it speaks TLS as a server; throws
    /// Poco::Net::SSLException if OpenSSL gives no object for it.
    explicit Transport(FileDescriptor socket, Poco::Net::Context::Ptr context = {});

    /// Done at once without TLS. Otherwise to be repeated until Done before anything is read or written.
    Result handshake();

    /// Reads at most as much as fits.
    Result read(std::span<char> buffer);

    /// Writes as much as is taken now. With TLS, bytes that were not taken must be presented again as they
    /// were.
    Result write(std::string_view bytes);

    /// Tells the peer that nothing more will be sent; reading goes on.
    void endWriting();

    /// Makes close() discard what is unsent and tell the peer by a reset.
    void abort();

    bool isSecure() const { return _tls != nullptr; }
    int descriptor() const { return _socket.get(); }
    void close();

private:
    struct FreeTls {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };

    Result resultOf(int result) const;

    FileDescriptor _socket;
    Poco::Net::Context::Ptr _context;
    std::unique_ptr<SSL, FreeTls> _tls;
    bool _handshaken = true;
};

}  // namespace changebank::http
