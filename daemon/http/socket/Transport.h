#pragma once

#include <Poco/Net/Context.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include "changebank/base/system/FileDescriptor.h"

namespace changebank::http {

/// Non-blocking input and output of one connection, plain or TLS. For one thread.
///
/// Uses OpenSSL directly, with the context's SSL_CTX, instead of Poco::Net::SecureStreamSocket: that class
/// calls SSL_get_error() without clearing the thread's error queue first, and reports "would block"
/// differently in POCO 1.11, 1.13 and 1.14, partly by exceptions.
class Transport {
public:
    enum class Status {
        Done,     ///< Bytes were moved, or the handshake is complete.
        Blocked,  ///< Would block; retry after the next edge of readability or writability.
        Ended,    ///< The peer has ended its side.
        Failed    ///< The connection is broken.
    };
    struct Result {
        Status status;
        std::size_t bytes = 0;
    };

    /// Takes a non-blocking stream socket. With a context it is a TLS server; throws Poco::Net::SSLException
    /// if OpenSSL cannot set it up.
    explicit Transport(FileDescriptor socket, Poco::Net::Context::Ptr context = {});

    /// Call it until it returns Done before reading or writing. Without TLS it is Done immediately.
    Result handshake();
    bool isHandshaken() const { return _handshaken; }

    /// Reads up to the size of the buffer.
    Result read(std::span<char> buffer);

    /// Writes as much as possible without blocking. With TLS, pass the unwritten bytes again unchanged.
    Result write(std::string_view bytes);

    /// Ends this side (close_notify, FIN); reading remains possible.
    void endWriting();

    /// Makes close() discard unsent bytes and reset the connection.
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
