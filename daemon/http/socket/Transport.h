#pragma once

#include <Poco/Net/Context.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/socket/TlsSession.h"

namespace changebank::http {

/// Non-blocking input and output of one connection, plain or TLS. For one thread.
class Transport {
public:
    using Status = TlsSession::Status;
    using Result = TlsSession::Result;

    /// Takes a non-blocking stream socket.
    explicit Transport(FileDescriptor socket) : _socket(std::move(socket)) {}
    /// The same as a TLS server, see TlsSession. Throws Poco::Net::SSLException if OpenSSL cannot set it up.
    Transport(FileDescriptor socket, Poco::Net::Context::Ptr context, std::size_t maxHandshakeBytes);

    /// Looks at what the peer has sent without taking it, for what comes before TLS: call it before
    /// handshake() and read().
    Result peek(std::span<char> buffer);
    /// Takes that many bytes, which peek() has shown.
    void take(std::span<char> bytes);

    /// Call it until it returns Done before reading or writing. Without TLS it is Done immediately.
    Result handshake();
    bool isHandshaken() const { return !_tls || _tls->isHandshaken(); }

    /// Goes on without TLS after a handshake that was Plaintext.
    void becomePlain() { _tls.reset(); }

    /// Reads up to the size of the buffer. Only TLS can be Paused.
    Result read(std::span<char> buffer);

    /// Writes as much as possible without blocking. With TLS, pass the unwritten bytes again unchanged.
    Result write(std::string_view bytes);

    /// Ends this side (close_notify, FIN); reading remains possible.
    void endWriting();

    /// Makes close() discard unsent bytes and reset the connection.
    void abort();

    bool isSecure() const { return _tls != nullptr; }
    /// See TlsSession; empty without TLS.
    std::string_view clientCertificateThumbprint() const {
        return _tls ? _tls->clientCertificateThumbprint() : std::string_view{};
    }
    std::string_view serverName() const { return _tls ? _tls->serverName() : std::string_view{}; }
    /// The memory of TLS, see TlsSession; 0 without it.
    std::size_t memory() const { return _tls ? _tls->memory() : 0; }
    std::size_t bufferMemory() const { return _tls ? _tls->bufferMemory() : 0; }
    int descriptor() const { return _socket.get(); }
    void close();

private:
    Result receive(std::span<char> buffer, int flags);

    FileDescriptor _socket;
    std::unique_ptr<TlsSession> _tls;
};

}  // namespace changebank::http
