#include "changebank/daemon/http/socket/Transport.h"

#include <Poco/Net/SSLException.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace changebank::http {

namespace {

bool wouldBlock(int error) {
    return error == EAGAIN || error == EWOULDBLOCK;
}

template <typename Call>
ssize_t uninterrupted(Call call) {
    for (;;) {
        const ssize_t result = call();
        if (result >= 0 || errno != EINTR) return result;
    }
}

}  // namespace

Transport::Transport(FileDescriptor socket, Poco::Net::Context::Ptr context)
    : _socket(std::move(socket)), _context(std::move(context)) {
    if (!_context) return;
    ERR_clear_error();
    _tls.reset(SSL_new(_context->sslContext()));
    if (!_tls || SSL_set_fd(_tls.get(), _socket.get()) != 1) {
        ERR_clear_error();
        throw Poco::Net::SSLException("cannot set up TLS for a connection");
    }
    SSL_set_accept_state(_tls.get());
    SSL_set_mode(_tls.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
    SSL_set_options(_tls.get(), SSL_OP_NO_RENEGOTIATION);
    _handshaken = false;
}

Transport::Result Transport::handshake() {
    if (_handshaken) return {Status::Done};
    ERR_clear_error();
    const int result = SSL_do_handshake(_tls.get());
    if (result != 1) return resultOf(result);
    _handshaken = true;
    return {Status::Done};
}

Transport::Result Transport::read(std::span<char> buffer) {
    if (_tls) {
        std::size_t bytes = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(_tls.get(), buffer.data(), buffer.size(), &bytes);
        return result == 1 ? Result{Status::Done, bytes} : resultOf(result);
    }
    const auto bytes = uninterrupted([&] { return ::recv(_socket.get(), buffer.data(), buffer.size(), 0); });
    if (bytes > 0) return {Status::Done, static_cast<std::size_t>(bytes)};
    if (bytes == 0) return {Status::Ended};
    return {wouldBlock(errno) ? Status::Blocked : Status::Failed};
}

Transport::Result Transport::write(std::string_view bytes) {
    if (_tls) {
        std::size_t written = 0;
        ERR_clear_error();
        const int result = SSL_write_ex(_tls.get(), bytes.data(), bytes.size(), &written);
        return result == 1 ? Result{Status::Done, written} : resultOf(result);
    }
    const auto written =
        uninterrupted([&] { return ::send(_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (written >= 0) return {Status::Done, static_cast<std::size_t>(written)};
    return {wouldBlock(errno) ? Status::Blocked : Status::Failed};
}

void Transport::endWriting() {
    if (_tls && _handshaken) {
        ERR_clear_error();
        SSL_shutdown(_tls.get());
        ERR_clear_error();
    }
    ::shutdown(_socket.get(), SHUT_WR);
}

void Transport::abort() {
    const linger discard{1, 0};
    ::setsockopt(_socket.get(), SOL_SOCKET, SO_LINGER, &discard, sizeof(discard));
}

void Transport::close() {
    _tls.reset();
    _socket.close();
}

Transport::Result Transport::resultOf(int result) const {
    const int error = SSL_get_error(_tls.get(), result);
    ERR_clear_error();
    switch (error) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return {Status::Blocked};
        case SSL_ERROR_ZERO_RETURN:
            return {Status::Ended};
        default:
            return {Status::Failed};
    }
}

}  // namespace changebank::http
