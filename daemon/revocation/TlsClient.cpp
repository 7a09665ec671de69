#include "changebank/daemon/revocation/TlsClient.h"

#include <Poco/Exception.h>
#include <openssl/x509v3.h>

#include <array>

#include "changebank/base/http/CertificateAuthorities.h"

namespace changebank::daemon {

namespace {

bool isAddress(const std::string& host) {
    const std::unique_ptr<ASN1_OCTET_STRING, OpenSslDeleter<ASN1_OCTET_STRING_free>> octets(
        ::a2i_IPADDRESS(host.c_str()));
    return octets != nullptr;
}

/// An address is compared with the certificate's addresses and is no server name (RFC 6066 section 3).
bool expectHost(SSL* session, const std::string& host) {
    if (isAddress(host)) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str()) == 1;
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // SSL_set_tlsext_host_name() is a macro with casts of C.
    auto name = host;
    return SSL_set1_host(session, host.c_str()) == 1 &&
           SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
}

}  // namespace

TlsClient::TlsClient(const std::string& host, const std::string& caFile)
    : _context(SSL_CTX_new(TLS_client_method())) {
    const ErrorQueueCleaner cleaner;
    const CertificateAuthorities authorities(caFile);
    if (_context && SSL_CTX_set_min_proto_version(_context.get(), TLS1_2_VERSION) == 1 &&
        SSL_CTX_set1_verify_cert_store(_context.get(), &authorities.store()) == 1) {
        SSL_CTX_set_verify(_context.get(), SSL_VERIFY_PEER, nullptr);
        _session.reset(SSL_new(_context.get()));
    }
    using Bio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;
    Bio incoming(BIO_new(BIO_s_mem()));
    Bio outgoing(BIO_new(BIO_s_mem()));
    if (!_session || !incoming || !outgoing || !expectHost(_session.get(), host))
        throw Poco::RuntimeException("TLS cannot be set up");
    _incoming = incoming.get();
    _outgoing = outgoing.get();
    SSL_set_bio(_session.get(), incoming.release(), outgoing.release());
    SSL_set_connect_state(_session.get());
}

std::optional<std::string> TlsClient::handshake() {
    const ErrorQueueCleaner cleaner;
    const int result = SSL_do_handshake(_session.get());
    if (result == 1 || SSL_get_error(_session.get(), result) == SSL_ERROR_WANT_READ) return std::nullopt;
    return failure();
}

bool TlsClient::isConnected() const noexcept {
    return SSL_is_init_finished(_session.get()) == 1;
}

bool TlsClient::write(std::string_view clear) {
    const ErrorQueueCleaner cleaner;
    std::size_t written = 0;
    return clear.empty() || SSL_write_ex(_session.get(), clear.data(), clear.size(), &written) == 1;
}

bool TlsClient::receive(std::string_view wire) {
    return BIO_write(_incoming, wire.data(), static_cast<int>(wire.size())) == static_cast<int>(wire.size());
}

std::optional<std::string> TlsClient::read() {
    const ErrorQueueCleaner cleaner;
    std::string clear;
    std::array<char, std::size_t{16} * 1024> part{};
    std::size_t size = 0;
    while (SSL_read_ex(_session.get(), part.data(), part.size(), &size) == 1)
        clear.append(part.data(), size);
    if (clear.empty() && SSL_get_error(_session.get(), 0) != SSL_ERROR_WANT_READ) return std::nullopt;
    return clear;
}

std::string TlsClient::toSend() {
    std::string wire(BIO_ctrl_pending(_outgoing), '\0');
    if (!wire.empty()) BIO_read(_outgoing, wire.data(), static_cast<int>(wire.size()));
    return wire;
}

std::string TlsClient::failure() const {
    const auto verdict = SSL_get_verify_result(_session.get());
    if (verdict != X509_V_OK)
        return std::string("the certificate is refused: ") + X509_verify_cert_error_string(verdict);
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    return std::string("the TLS handshake failed: ") + (reason != nullptr ? reason : "no reason given");
}

}  // namespace changebank::daemon
