#include "changebank/daemon/http/socket/Transport.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "changebank/base/system/Uninterrupted.h"
#include "changebank/daemon/http/socket/WouldBlock.h"

namespace changebank::http {

Transport::Transport(FileDescriptor socket, Poco::Net::Context::Ptr context, std::size_t maxHandshakeBytes)
    : _socket(std::move(socket)),
      _tls(std::make_unique<TlsSession>(_socket.get(), std::move(context), maxHandshakeBytes)) {}

Transport::Result Transport::handshake() {
    return _tls ? _tls->handshake() : Result{Status::Done};
}

Transport::Result Transport::read(std::span<char> buffer) {
    return _tls ? _tls->read(buffer) : receive(buffer, 0);
}

Transport::Result Transport::peek(std::span<char> buffer) {
    return receive(buffer, MSG_PEEK);
}

void Transport::take(std::span<char> bytes) {
    receive(bytes, 0);
}

Transport::Result Transport::receive(std::span<char> buffer, int flags) {
    const auto bytes =
        uninterrupted([&] { return ::recv(_socket.get(), buffer.data(), buffer.size(), flags); });
    if (bytes > 0) return {Status::Done, static_cast<std::size_t>(bytes)};
    if (bytes == 0) return {Status::Ended};
    return {wouldBlock(errno) ? Status::Blocked : Status::Failed};
}

Transport::Result Transport::write(std::string_view bytes) {
    if (_tls) return _tls->write(bytes);
    const auto written =
        uninterrupted([&] { return ::send(_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (written >= 0) return {Status::Done, static_cast<std::size_t>(written)};
    return {wouldBlock(errno) ? Status::Blocked : Status::Failed};
}

void Transport::endWriting() {
    if (_tls) _tls->endWriting();
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

}  // namespace changebank::http
