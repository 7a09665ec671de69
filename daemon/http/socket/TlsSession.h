#pragma once

#include <Poco/Net/Context.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "changebank/daemon/http/socket/HandshakeScanner.h"

namespace changebank::http {

/// The server's side of TLS on a non-blocking socket. For one thread.
///
/// Uses OpenSSL directly, with the context's SSL_CTX, instead of Poco::Net::SecureStreamSocket: that class
/// calls SSL_get_error() without clearing the thread's error queue first, and reports "would block"
/// differently in POCO 1.11, 1.13 and 1.14, partly by exceptions.
///
/// Each call gives OpenSSL a bounded amount of ciphertext (maxInputPerCall), because OpenSSL reads on by
/// itself while a peer sends records that carry no data for the application. It ends the connection if the
/// peer
///  - asks for a renegotiation (TLS 1.2; RFC 5246 section 7.4.1.1),
///  - sends more than maxIdleMessages post-handshake messages without application data, such as KeyUpdate
///  (RFC
///    8446 section 4.6.3), each of which derives new keys,
///  - sends a ClientHello longer than maxClientHello, or more than `maxHandshakeBytes` before its handshake
///  is
///    complete.
class TlsSession {
public:
    enum class Status {
        Done,
        Blocked,  ///< Would block; retry after the next edge.
        Paused,   ///< The call's share of ciphertext is used up; call again without waiting for an edge.
        Ended,    ///< The peer sent close_notify.
        /// Of a handshake alone: the client began an HTTP request instead, which is still in the socket.
        Plaintext,
        Failed
    };
    struct Result {
        Status status;
        std::size_t bytes = 0;
    };

    /// A little more than one record of the maximum length (RFC 8446 section 5.2).
    static constexpr std::size_t maxInputPerCall = std::size_t{20} * 1024;
    static constexpr int maxIdleMessages = 32;
    /// Bytes of a ClientHello: what OpenSSL's buffer for handshake messages holds before it grows.
    static constexpr std::size_t maxClientHello = std::size_t{16} * 1024;

    /// Does not own the socket. Throws Poco::Net::SSLException if OpenSSL cannot set it up.
    TlsSession(int socket, Poco::Net::Context::Ptr context, std::size_t maxHandshakeBytes);

    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    Result handshake();
    Result read(std::span<char> buffer);
    /// Pass the unwritten bytes again unchanged.
    Result write(std::string_view bytes);
    /// Sends close_notify, after a complete handshake.
    void endWriting();

    bool isHandshaken() const { return _handshaken; }

    /// The thumbprint of the client's own certificate (certificateThumbprint()), once the handshake is
    /// complete; empty if the client sent none. A resumed session has the certificate of its first handshake.
    const std::string& clientCertificateThumbprint() const { return _thumbprint; }

    /// The name by which the client asks for the server (RFC 6066 section 3); empty if it has sent none.
    std::string_view serverName() const;

    /// An estimate of the memory that OpenSSL holds, in bytes: in total, and for an incomplete handshake or
    /// record. The client's certificates stay in memory until the session ends.
    std::size_t memory() const;
    std::size_t bufferMemory() const;

private:
    struct FreeTls {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };
    struct Callbacks;

    template <typename Call>
    int call(Call operation);
    Result resultOf(int result) const;
    int receive(char* buffer, int size);
    Status lookAtInput() const;
    bool mayContinueHandshake(std::string_view input);
    void noteCertificates();
    void refuse() { _refused = true; }

    const int _socket;
    const Poco::Net::Context::Ptr _context;
    const std::size_t _maxHandshakeBytes;
    HandshakeScanner _scanner;
    std::unique_ptr<SSL, FreeTls> _tls;
    std::size_t _allowance = 0;
    std::size_t _pending = 0;  ///< Ciphertext since application data was read, or of the handshake.
    std::size_t _certificateMemory = 0;
    std::string _thumbprint;
    int _idleMessages = 0;
    bool _handshaken = false;
    bool _refused = false;
    bool _holdsOutput = false;
};

}  // namespace changebank::http
