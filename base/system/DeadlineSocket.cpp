#include "changebank/base/system/DeadlineSocket.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Timespan.h>
#include <openssl/x509v3.h>

#include <array>
#include <vector>

namespace changebank {

namespace {

Poco::Timespan remaining(DeadlineSocket::Deadline deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now());
    if (left <= std::chrono::microseconds(0)) throw Poco::TimeoutException("no response in time");
    return Poco::Timespan(left.count());
}

/// Sends the host name to the server (RFC 6066 section 3). OpenSSL's macro for it has a C-style cast.
bool setServerName(SSL& tls, std::string host) {
    return SSL_ctrl(&tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

/// Keeps OpenSSL's own verification result. POCO's context installs a callback that expects one of POCO's
/// sockets behind the connection (1.13) and lets handlers overrule the result.
int keepResult(int result, X509_STORE_CTX*) {
    return result;
}

std::string firstQueuedError() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    return text.data();
}

/// The addresses of a host. A numeric address is not resolved: POCO's resolver would look up its name first.
std::vector<Poco::Net::IPAddress> addressesOf(const std::string& host) {
    Poco::Net::IPAddress numeric;
    if (Poco::Net::IPAddress::tryParse(host, numeric)) return {numeric};
    if (host == "localhost") return {Poco::Net::IPAddress("127.0.0.1"), Poco::Net::IPAddress("::1")};
    return Poco::Net::DNS::hostByName(host).addresses();
}

Poco::Net::StreamSocket connected(const std::string& host, unsigned short port,
                                  DeadlineSocket::Deadline deadline) {
    std::string lastError = "the host has no address";
    for (const auto& address : addressesOf(host)) {
        const Poco::Net::SocketAddress peer(address, port);
        try {
            Poco::Net::StreamSocket socket;
            socket.connect(peer, remaining(deadline));
            return socket;
        } catch (const Poco::TimeoutException&) {
            throw;
        } catch (const Poco::Exception& error) {
            lastError = error.displayText();
        }
    }
    throw Poco::Net::NetException(lastError);
}

}  // namespace

DeadlineSocket::DeadlineSocket(const std::string& host, unsigned short port, Deadline deadline)
    : _deadline(deadline), _socket(connected(host, port, deadline)) {
    _socket.setBlocking(false);
    _socket.setNoDelay(true);
}

void DeadlineSocket::startTls(Poco::Net::Context& context, const std::string& host) {
    const ErrorQueueCleaner cleaner;
    _tls.reset(SSL_new(context.sslContext()));
    if (!_tls || SSL_set_fd(_tls.get(), _socket.impl()->sockfd()) != 1)
        throw Poco::Net::SSLException(firstQueuedError());
    Poco::Net::IPAddress address;
    const bool isAddress = Poco::Net::IPAddress::tryParse(host, address);
    const bool named = isAddress
                           ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(_tls.get()), host.c_str()) == 1
                           : SSL_set1_host(_tls.get(), host.c_str()) == 1 && setServerName(*_tls, host);
    if (!named) throw Poco::Net::SSLException(firstQueuedError());
    SSL_set_verify(_tls.get(), SSL_VERIFY_PEER, keepResult);
    while (true) {
        const int result = SSL_connect(_tls.get());
        if (result == 1) return;
        const long certificate = SSL_get_verify_result(_tls.get());
        if (certificate != X509_V_OK) {
            throw Poco::Net::SSLException(std::string("the certificate is refused: ") +
                                          X509_verify_cert_error_string(certificate));
        }
        if (!waitForTls(result, "handshake"))
            throw Poco::Net::SSLException("handshake: the peer closed the connection");
    }
}

void DeadlineSocket::send(std::string_view text) {
    const ErrorQueueCleaner cleaner;
    while (!text.empty()) {
        const auto size = static_cast<int>(text.size());
        const int sent =
            _tls ? SSL_write(_tls.get(), text.data(), size) : _socket.sendBytes(text.data(), size);
        if (sent > 0) {
            text.remove_prefix(static_cast<std::size_t>(sent));
        } else if (!_tls) {
            waitFor(Poco::Net::Socket::SELECT_WRITE);
        } else if (!waitForTls(sent, "sending")) {
            throw Poco::Net::SSLException("sending: the peer closed the connection");
        }
    }
}

std::size_t DeadlineSocket::receive(char* buffer, std::size_t size) {
    const ErrorQueueCleaner cleaner;
    if (!_tls) {
        waitFor(Poco::Net::Socket::SELECT_READ);
        return static_cast<std::size_t>(_socket.receiveBytes(buffer, static_cast<int>(size)));
    }
    while (true) {
        const int received = SSL_read(_tls.get(), buffer, static_cast<int>(size));
        if (received > 0) {
            // A peer that never pauses must not outlast the deadline.
            static_cast<void>(remaining(_deadline));
            return static_cast<std::size_t>(received);
        }
        if (!waitForTls(received, "receiving")) return 0;
    }
}

void DeadlineSocket::waitFor(int mode) {
    if (!_socket.poll(remaining(_deadline), mode)) throw Poco::TimeoutException("no response in time");
}

bool DeadlineSocket::waitForTls(int result, const char* what) {
    switch (SSL_get_error(_tls.get(), result)) {
        case SSL_ERROR_WANT_READ:
            waitFor(Poco::Net::Socket::SELECT_READ);
            return true;
        case SSL_ERROR_WANT_WRITE:
            waitFor(Poco::Net::Socket::SELECT_WRITE);
            return true;
        case SSL_ERROR_ZERO_RETURN:
            return false;
        default:
            throw Poco::Net::SSLException(std::string(what) + ": " + firstQueuedError());
    }
}

}  // namespace changebank
