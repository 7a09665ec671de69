#pragma once

#include <Poco/Exception.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/String.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace changebank::http::test {

struct RawResponse {
    int status = 0;
    std::string head;
    std::string body;

    /// A field's value, or "-" if it is not there.
    std::string field(const std::string& name) const {
        const auto at = Poco::toLower(head).find("\r\n" + Poco::toLower(name) + ": ");
        if (at == std::string::npos) return "-";
        const auto start = at + name.size() + 4;
        return head.substr(start, head.find("\r\n", start) - start);
    }
};

/// A client that sends bytes as they are given. Whatever takes longer than ten seconds throws
/// Poco::TimeoutException.
class RawClient {
public:
    explicit RawClient(const Poco::Net::SocketAddress& address, const std::string& certificate = {},
                       const std::string& key = {}, bool tls = false, int maxVersion = 0)
        : RawClient(Poco::Net::StreamSocket(address), address, certificate, key, tls, maxVersion) {}

    static RawClient plain(Poco::UInt16 port) { return RawClient({"127.0.0.1", port}); }
    static RawClient tls(Poco::UInt16 port, const std::string& certificate = {}, const std::string& key = {},
                         int maxVersion = 0) {
        return RawClient({"127.0.0.1", port}, certificate, key, true, maxVersion);
    }
    /// A TLS client that names the host in its handshake.
    static RawClient tlsTo(const std::string& host, Poco::UInt16 port) {
        auto client = plain(port);
        client._host = host;
        client.startTls();
        return client;
    }
    /// A client with an address of its own.
    static RawClient from(const std::string& host, Poco::UInt16 port) {
        Poco::Net::StreamSocket socket(Poco::Net::SocketAddress::IPv4);
        const Poco::Net::SocketAddress own(host, 0);
        ::bind(socket.impl()->sockfd(), own.addr(), own.length());
        const Poco::Net::SocketAddress server("127.0.0.1", port);
        socket.connect(server);
        return RawClient(socket, server, {}, {}, false, 0);
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = _tls ? SSL_write(_tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                                   : static_cast<int>(::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (sent <= 0) throw Poco::IOException("cannot send");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// Turns a plain connection into one with TLS.
    void startTls() { startTls({}, {}, 0); }

    void endWriting() { ::shutdown(fd(), SHUT_WR); }

    /// Reads the next answer; one to HEAD has no body whatever its length says.
    RawResponse read(bool toHead = false) {
        std::size_t end = 0;
        while ((end = _buffer.find("\r\n\r\n")) == std::string::npos)
            if (!receive()) throw Poco::IOException("connection closed before an answer: " + _buffer);
        RawResponse response;
        response.head = _buffer.substr(0, end + 2);
        response.status = std::stoi(response.head.substr(9, 3));
        _buffer.erase(0, end + 4);
        const auto length = response.field("Content-Length");
        if (toHead || length == "-") return response;
        while (_buffer.size() < std::stoul(length))
            if (!receive()) throw Poco::IOException("connection closed within an answer");
        response.body = _buffer.substr(0, std::stoul(length));
        _buffer.erase(0, response.body.size());
        return response;
    }

    RawResponse exchange(std::string_view request, bool toHead = false) {
        send(request);
        return read(toHead);
    }

    /// Everything up to the server's end of stream.
    std::string readToEnd() {
        while (receive()) {
        }
        return std::exchange(_buffer, {});
    }

    /// Whether the server ends the stream without another byte.
    bool isEnded() { return _buffer.empty() && !receive(); }

    /// Whether the server neither sends nor closes for a while.
    bool isQuiet(std::chrono::milliseconds span) {
        return _buffer.empty() &&
               !_socket.poll(Poco::Timespan(span.count() * 1000), Poco::Net::Socket::SELECT_READ);
    }

    /// Whether the certificate that a TLS server showed is for that host.
    bool serverIs(const std::string& host) const {
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(_tls.get()),
                                                                      &X509_free);
        return X509_check_host(certificate.get(), host.data(), host.size(), 0, nullptr) == 1;
    }

    /// Whether a TLS server said that it ends the stream (RFC 8446 section 6.1), once isEnded().
    bool heardCloseNotify() const { return (SSL_get_shutdown(_tls.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }

    /// Whether a TLS server agrees to another handshake.
    bool renegotiate() {
        const bool agreed = SSL_renegotiate(_tls.get()) == 1 && SSL_do_handshake(_tls.get()) == 1;
        ERR_clear_error();
        return agreed;
    }

    /// Sends so many KeyUpdate messages of TLS 1.3 (RFC 8446 section 4.6.3).
    void updateKeys(int count) {
        for (int i = 0; i < count; ++i) {
            SSL_key_update(_tls.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
            SSL_do_handshake(_tls.get());
        }
        ERR_clear_error();
    }

    Poco::Net::StreamSocket& socket() { return _socket; }

private:
    RawClient(const Poco::Net::StreamSocket& socket, const Poco::Net::SocketAddress& address,
              const std::string& certificate, const std::string& key, bool tls, int maxVersion)
        : _socket(socket) {
        _socket.setReceiveTimeout(Poco::Timespan(10, 0));
        _socket.setSendTimeout(Poco::Timespan(10, 0));
        if (address.family() != Poco::Net::SocketAddress::UNIX_LOCAL) _socket.setNoDelay(true);
        if (tls) startTls(certificate, key, maxVersion);
    }

    int fd() const { return _socket.impl()->sockfd(); }

    void startTls(const std::string& certificate, const std::string& key, int maxVersion) {
        _context.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_max_proto_version(_context.get(), maxVersion);
        if (!certificate.empty()) {
            SSL_CTX_use_certificate_chain_file(_context.get(), certificate.c_str());
            SSL_CTX_use_PrivateKey_file(_context.get(), key.c_str(), SSL_FILETYPE_PEM);
        }
        _tls.reset(SSL_new(_context.get()));
        SSL_set_fd(_tls.get(), fd());
        if (!_host.empty())
            SSL_ctrl(_tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, _host.data());
        if (SSL_connect(_tls.get()) != 1) {
            ERR_clear_error();
            throw Poco::IOException("TLS handshake refused");
        }
    }

    /// False at the end of the stream, be it orderly or a reset.
    bool receive() {
        std::array<char, 16384> bytes;
        const auto got = _tls ? SSL_read(_tls.get(), bytes.data(), static_cast<int>(bytes.size()))
                              : static_cast<int>(::recv(fd(), bytes.data(), bytes.size(), 0));
        if (got > 0) {
            _buffer.append(bytes.data(), static_cast<std::size_t>(got));
            return true;
        }
        const bool late = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        ERR_clear_error();
        if (late) throw Poco::TimeoutException("the server neither answers nor closes");
        return false;
    }

    Poco::Net::StreamSocket _socket;
    std::string _host;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> _context{nullptr, &SSL_CTX_free};
    std::unique_ptr<SSL, decltype(&SSL_free)> _tls{nullptr, &SSL_free};
    std::string _buffer;
};

}  // namespace changebank::http::test
