#include "changebank/daemon/http/socket/ServerTlsContext.h"

#include <Poco/Net/SSLException.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>

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

void requireClientCertificate(SSL_CTX* context, const std::string& file) {
    if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1)
        fail("cannot read the clients' certificate authorities", file);
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(file.c_str()));
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

}  // namespace

Poco::Net::Context::Ptr serverTlsContext(const TlsFiles& files) {
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
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        fail("cannot use the TLS certificate", files.certificate);
    useKey(context, files.key);
    if (!files.clientCa.empty()) requireClientCertificate(context, files.clientCa);
    return result;
}

}  // namespace changebank::http
