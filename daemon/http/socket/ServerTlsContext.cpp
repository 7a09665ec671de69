#include "changebank/daemon/http/socket/ServerTlsContext.h"

#include <Poco/Exception.h>
#include <Poco/Net/SSLException.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::http {

namespace {

constexpr const char* ciphersOfTls12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::array<unsigned char, 10> sessionContext{'c', 'h', 'a', 'n', 'g', 'e', 'b', 'a', 'n', 'k'};

[[noreturn]] void fail(const std::string& what, const std::string& file) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_peek_last_error(), reason.data(), reason.size());
    ERR_clear_error();
    throw Poco::Net::SSLContextException(what + " " + file, std::string(reason.data()));
}

int refusePassphrase(char*, int, int, void*) {
    return -1;
}

void useKey(SSL_CTX* context, const std::string& file) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> input(BIO_new_file(file.c_str(), "r"), &BIO_free);
    if (!input) fail("cannot read the TLS key", file);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(input.get(), nullptr, &refusePassphrase, nullptr), &EVP_PKEY_free);
    if (!key) fail("no PEM private key without a passphrase in", file);
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        fail("the certificate does not belong to the TLS key", file);
}

/// For OpenSSL: ends the handshake.
int refuse(X509_STORE_CTX* verification, int reason) {
    X509_STORE_CTX_set_error(verification, reason);
    return 0;
}

bool isTooLong(const X509* certificate) {
    return i2d_X509(certificate, nullptr) > static_cast<int>(maxClientCertificate);
}

int verifyIssued(X509_STORE_CTX* verification, void*) {
    if (isTooLong(X509_STORE_CTX_get0_cert(verification)))
        return refuse(verification, X509_V_ERR_APPLICATION_VERIFICATION);
    return X509_verify_cert(verification) == 1 ? 1 : 0;
}

bool hasShortNumbers(const EVP_PKEY* rsaKey) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(rsaKey, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
    const BigNumber exponent(raw);
    return EVP_PKEY_get_bits(rsaKey) <= maxClientModulusBits &&
           BN_num_bits(exponent.get()) <= maxClientExponentBits;
}

bool isOnUsualCurve(const EVP_PKEY* ecKey) {
    std::array<char, 32> name{};
    if (EVP_PKEY_get_group_name(ecKey, name.data(), name.size(), nullptr) != 1) return false;
    const std::string_view curve(name.data());
    return curve == SN_X9_62_prime256v1 || curve == SN_secp384r1 || curve == SN_secp521r1;
}

/// Whether it costs the server little to verify a signature of this key.
bool isCheap(const EVP_PKEY* key) {
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
        case EVP_PKEY_RSA_PSS:
            return hasShortNumbers(key);
        case EVP_PKEY_EC:
            return isOnUsualCurve(key);
        case EVP_PKEY_ED25519:
        case EVP_PKEY_ED448:
            return true;
        default:
            return false;
    }
}

/// OpenSSL calls this before it verifies the client's signature.
int acceptAny(X509_STORE_CTX* verification, void*) {
    const X509* certificate = X509_STORE_CTX_get0_cert(verification);
    if (isTooLong(certificate)) return refuse(verification, X509_V_ERR_APPLICATION_VERIFICATION);
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr || EVP_PKEY_get_security_bits(key) < minClientKeyStrength)
        return refuse(verification, X509_V_ERR_EE_KEY_TOO_SMALL);
    if (!isCheap(key)) return refuse(verification, X509_V_ERR_APPLICATION_VERIFICATION);
    X509_STORE_CTX_set_error(verification, X509_V_OK);
    return 1;
}

/// For OpenSSL: a resumed handshake verifies nothing, and renews its ticket.
SSL_TICKET_RETURN resumeUnlessExpired(SSL*, SSL_SESSION* session, const unsigned char*, std::size_t,
                                      SSL_TICKET_STATUS status, void*) {
    if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    const X509* certificate = SSL_SESSION_get0_peer(session);
    if (certificate != nullptr && X509_cmp_current_time(X509_get0_notAfter(certificate)) <= 0)
        return SSL_TICKET_RETURN_IGNORE_RENEW;
    return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW;
}

void useAuthorities(SSL_CTX* context, const std::string& file) {
    if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1)
        fail("cannot read the clients' certificate authorities", file);
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(file.c_str()));
    SSL_CTX_set_session_ticket_cb(context, nullptr, &resumeUnlessExpired, nullptr);
}

void askClients(SSL_CTX* context, const TlsFiles& files) {
    const bool hasAuthorities = !files.clientCa.empty();
    const bool isRequired = files.expected() == ClientCertificates::Require;
    if (hasAuthorities) useAuthorities(context, files.clientCa);
    SSL_CTX_set_cert_verify_callback(context, hasAuthorities ? &verifyIssued : &acceptAny, nullptr);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
}

void checkExpectation(const TlsFiles& files) {
    if (files.expected() == ClientCertificates::Require && files.clientCa.empty())
        throw Poco::InvalidArgumentException("required client certificates need authorities");
    if (files.expected() == ClientCertificates::Off && !files.clientCa.empty())
        throw Poco::InvalidArgumentException("authorities of clients, but no client certificates");
}

}  // namespace

Poco::Net::Context::Ptr serverTlsContext(const TlsFiles& files) {
    checkExpectation(files);
    Poco::Net::Context::Params params;
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;
    params.loadDefaultCAs = false;
    params.cipherList = ciphersOfTls12;
    Poco::Net::Context::Ptr result = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
    result->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);

    // POCO would load the files itself, but asks the terminal for a passphrase and shows refused client
    // certificates there.
    SSL_CTX* context = result->sslContext();
    ERR_clear_error();
    SSL_CTX_set_session_id_context(context, sessionContext.data(), sessionContext.size());
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        fail("cannot use the TLS certificate", files.certificate);
    useKey(context, files.key);
    if (files.expected() != ClientCertificates::Off) askClients(context, files);
    return result;
}

std::optional<std::chrono::sys_seconds> certificateExpiry(const Poco::Net::Context& context) {
    const X509* certificate = SSL_CTX_get0_certificate(context.sslContext());
    std::tm time{};
    if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1)
        return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&time)));
}

}  // namespace changebank::http
