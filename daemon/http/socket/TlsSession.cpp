#include "changebank/daemon/http/socket/TlsSession.h"

#include <Poco/Net/SSLException.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "changebank/base/system/Uninterrupted.h"
#include "changebank/daemon/http/socket/CertificateThumbprint.h"
#include "changebank/daemon/http/socket/RequestBeginning.h"
#include "changebank/daemon/http/socket/WouldBlock.h"

namespace changebank::http {

namespace {

// Of OpenSSL 3.0, measured in floods of 9,000 connections: a session, what a handshake needs besides, and a
// buffer for one record in one direction.
constexpr std::size_t sessionMemory = std::size_t{14} * 1024;
constexpr std::size_t handshakeMemory = std::size_t{56} * 1024;
constexpr std::size_t recordMemory = std::size_t{17} * 1024;

// Of a parsed certificate, beside twice its DER, and of each part of its names and each extension.
constexpr std::size_t certificateMemory = std::size_t{4} * 1024;
constexpr std::size_t partMemory = 160;

std::size_t memoryOf(const X509* certificate) {
    const int parts = X509_NAME_entry_count(X509_get_subject_name(certificate)) +
                      X509_NAME_entry_count(X509_get_issuer_name(certificate)) +
                      X509_get_ext_count(certificate);
    const int length = i2d_X509(certificate, nullptr);
    return certificateMemory + 2 * static_cast<std::size_t>(std::max(length, 0)) +
           partMemory * static_cast<std::size_t>(parts);
}

using Method = std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)>;

}  // namespace

/// What OpenSSL calls.
struct TlsSession::Callbacks {
    static TlsSession& sessionOf(BIO* bio) { return *static_cast<TlsSession*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* buffer, int size) {
        BIO_clear_retry_flags(bio);
        const int bytes = sessionOf(bio).receive(buffer, size);
        if (bytes < 0 && wouldBlock(errno)) BIO_set_retry_read(bio);
        return bytes;
    }

    static int write(BIO* bio, const char* bytes, int size) {
        BIO_clear_retry_flags(bio);
        const auto sent = uninterrupted([&] {
            return ::send(sessionOf(bio)._socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        });
        if (sent < 0 && wouldBlock(errno)) BIO_set_retry_write(bio);
        return static_cast<int>(sent);
    }

    static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

    static int create(BIO* bio) {
        BIO_set_init(bio, 1);
        return 1;
    }

    static const BIO_METHOD* method() {
        static const Method method = [] {
            Method made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a TlsSession"),
                        &BIO_meth_free);
            if (made) {
                BIO_meth_set_create(made.get(), &create);
                BIO_meth_set_read(made.get(), &read);
                BIO_meth_set_write(made.get(), &write);
                BIO_meth_set_ctrl(made.get(), &control);
            }
            return made;
        }();
        return method.get();
    }

    /// Sees each record's header and each handshake message.
    static void onMessage(int isSent, int, int type, const void* bytes, std::size_t length, SSL*,
                          void* argument) {
        auto& session = *static_cast<TlsSession*>(argument);
        if (isSent != 0 || !session._handshaken || length == 0) return;
        // TLS 1.3 wraps its messages in records of another type, so that this is TLS 1.2's renegotiation.
        // OpenSSL refuses it (SSL_OP_NO_RENEGOTIATION) and reads on.
        const auto first = *static_cast<const unsigned char*>(bytes);
        if (type == SSL3_RT_HEADER && first == SSL3_RT_HANDSHAKE) session.refuse();
        if (type == SSL3_RT_HANDSHAKE && ++session._idleMessages > maxIdleMessages) session.refuse();
    }
};

TlsSession::TlsSession(int socket, Poco::Net::Context::Ptr context, std::size_t maxHandshakeBytes)
    : _socket(socket),
      _context(std::move(context)),
      _maxHandshakeBytes(maxHandshakeBytes),
      _scanner(std::min(maxHandshakeBytes, maxClientHello)) {
    ERR_clear_error();
    _tls.reset(SSL_new(_context->sslContext()));
    BIO* bio = _tls && Callbacks::method() != nullptr ? BIO_new(Callbacks::method()) : nullptr;
    if (bio == nullptr) {
        ERR_clear_error();
        throw Poco::Net::SSLException("cannot set up TLS for a connection");
    }
    BIO_set_data(bio, this);
    SSL_set_bio(_tls.get(), bio, bio);
    SSL_set_accept_state(_tls.get());
    SSL_set_mode(_tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
    SSL_set_options(_tls.get(), SSL_OP_NO_RENEGOTIATION);
    SSL_set_max_cert_list(_tls.get(), static_cast<long>(maxHandshakeBytes));
    SSL_set_msg_callback(_tls.get(), &Callbacks::onMessage);
    SSL_set_msg_callback_arg(_tls.get(), this);
}

TlsSession::Result TlsSession::handshake() {
    if (_handshaken) return {Status::Done};
    if (_pending == 0) {
        if (const auto seen = lookAtInput(); seen != Status::Done) return {seen};
    }
    const int result = call([this] { return SSL_do_handshake(_tls.get()); });
    if (result != 1) {
        const auto outcome = resultOf(result);
        noteCertificates();
        return outcome;
    }
    noteCertificates();
    if (const X509* certificate = SSL_get0_peer_certificate(_tls.get()))
        _thumbprint = certificateThumbprint(*certificate);
    _handshaken = true;
    _pending = 0;
    return {Status::Done};
}

TlsSession::Result TlsSession::read(std::span<char> buffer) {
    std::size_t bytes = 0;
    const int result = call([&] { return SSL_read_ex(_tls.get(), buffer.data(), buffer.size(), &bytes); });
    if (result != 1) return resultOf(result);
    _pending = 0;
    _idleMessages = 0;
    return {Status::Done, bytes};
}

TlsSession::Result TlsSession::write(std::string_view bytes) {
    std::size_t written = 0;
    const int result = call([&] { return SSL_write_ex(_tls.get(), bytes.data(), bytes.size(), &written); });
    _holdsOutput = result != 1;
    return result == 1 ? Result{Status::Done, written} : resultOf(result);
}

std::string_view TlsSession::serverName() const {
    const char* name = SSL_get_servername(_tls.get(), TLSEXT_NAMETYPE_host_name);
    return name == nullptr ? std::string_view{} : name;
}

/// Before the end of the handshake, so that clients that stall in it do not hold uncounted memory.
void TlsSession::noteCertificates() {
    const X509* own = SSL_get0_peer_certificate(_tls.get());
    if (own == nullptr || _certificateMemory != 0) return;
    _certificateMemory = memoryOf(own);
    const STACK_OF(X509)* issuers = SSL_get_peer_cert_chain(_tls.get());
    for (int i = 0; i < sk_X509_num(issuers); ++i)
        _certificateMemory += memoryOf(sk_X509_value(issuers, i));
}

std::size_t TlsSession::bufferMemory() const {
    if (_pending == 0) return _holdsOutput ? recordMemory : 0;
    return (_handshaken ? recordMemory : handshakeMemory + _certificateMemory) +
           (_holdsOutput ? recordMemory : 0);
}

std::size_t TlsSession::memory() const {
    return sessionMemory + (_handshaken ? _certificateMemory : 0) + bufferMemory();
}

void TlsSession::endWriting() {
    if (!_handshaken) return;
    call([this] { return SSL_shutdown(_tls.get()); });
    ERR_clear_error();
}

template <typename Call>
int TlsSession::call(Call operation) {
    _allowance = maxInputPerCall;
    ERR_clear_error();
    return operation();
}

TlsSession::Result TlsSession::resultOf(int result) const {
    const int error = SSL_get_error(_tls.get(), result);
    ERR_clear_error();
    switch (error) {
        case SSL_ERROR_WANT_READ:
            return {_allowance == 0 ? Status::Paused : Status::Blocked};
        case SSL_ERROR_WANT_WRITE:
            return {Status::Blocked};
        case SSL_ERROR_ZERO_RETURN:
            return {Status::Ended};
        default:
            return {Status::Failed};
    }
}

/// For OpenSSL: as recv(2), within the call's allowance.
int TlsSession::receive(char* buffer, int size) {
    if (!_refused && _allowance == 0) {
        errno = EAGAIN;
        return -1;
    }
    if (_refused || size <= 0) {
        errno = EPROTO;
        return -1;
    }
    const auto wanted = std::min(static_cast<std::size_t>(size), _allowance);
    const auto received = uninterrupted([&] { return ::recv(_socket, buffer, wanted, 0); });
    if (received <= 0) return static_cast<int>(received);
    const auto bytes = static_cast<std::size_t>(received);
    _allowance -= bytes;
    _pending += bytes;
    if (_handshaken || mayContinueHandshake({buffer, bytes})) return static_cast<int>(received);
    refuse();
    errno = EPROTO;
    return -1;
}

/// Done if the client has ended or sent something that is for OpenSSL, which allocates buffers before it
/// looks. What makes Undecided decided causes the next edge.
TlsSession::Status TlsSession::lookAtInput() const {
    std::array<char, maxRequestBeginning> bytes;
    const auto received =
        uninterrupted([&] { return ::recv(_socket, bytes.data(), bytes.size(), MSG_PEEK); });
    if (received <= 0) return received < 0 && wouldBlock(errno) ? Status::Blocked : Status::Done;
    switch (requestBeginning({bytes.data(), static_cast<std::size_t>(received)})) {
        case RequestBeginning::Request:
            return Status::Plaintext;
        case RequestBeginning::Undecided:
            return Status::Blocked;
        case RequestBeginning::Other:
            break;
    }
    return Status::Done;
}

/// TLS 1.2 is known only after the ClientHello, and OpenSSL limits its other messages tightly.
bool TlsSession::mayContinueHandshake(std::string_view input) {
    const bool mayBeHello = SSL_version(_tls.get()) >= TLS1_3_VERSION;
    return _pending <= _maxHandshakeBytes && (!mayBeHello || _scanner.scan(input));
}

}  // namespace changebank::http
