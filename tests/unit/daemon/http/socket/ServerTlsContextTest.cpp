#include "changebank/daemon/http/socket/ServerTlsContext.h"

#include <Poco/Net/SSLException.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>
#include <memory>

#include "tests/support/TestCertificate.h"

using namespace changebank;
using namespace changebank::http;
using changebank::tests::TestCertificate;

namespace {

auto naming(const std::string& file) {
    return [file](const Poco::Net::SSLContextException& error) {
        return error.displayText().find(file) != std::string::npos && ERR_peek_error() == 0;
    };
}

/// Whether a client that speaks this version alone gets through a handshake, in memory.
bool canConnect(const Poco::Net::Context::Ptr& context, int version) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> clientContext(SSL_CTX_new(TLS_client_method()),
                                                                          &SSL_CTX_free);
    SSL_CTX_set_security_level(clientContext.get(), 0);
    SSL_CTX_set_min_proto_version(clientContext.get(), version);
    SSL_CTX_set_max_proto_version(clientContext.get(), version);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(clientContext.get()), &SSL_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> server(SSL_new(context->sslContext()), &SSL_free);
    BIO* clientEnd = nullptr;
    BIO* serverEnd = nullptr;
    BIO_new_bio_pair(&clientEnd, 0, &serverEnd, 0);
    SSL_set_bio(client.get(), clientEnd, clientEnd);
    SSL_set_bio(server.get(), serverEnd, serverEnd);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    for (int i = 0; i < 10; ++i) {
        SSL_do_handshake(client.get());
        SSL_do_handshake(server.get());
    }
    ERR_clear_error();
    return SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ServerTlsContextTest)

BOOST_AUTO_TEST_CASE(IsModern) {
    const TestCertificate certificate;
    const auto context = serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}});
    BOOST_TEST(SSL_CTX_get_min_proto_version(context->sslContext()) >= TLS1_2_VERSION);
    const auto* ciphers = SSL_CTX_get_ciphers(context->sslContext());
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
        BOOST_TEST(SSL_CIPHER_is_aead(sk_SSL_CIPHER_value(ciphers, i)) == 1);
    BOOST_TEST(SSL_CTX_get_verify_mode(context->sslContext()) == SSL_VERIFY_NONE);
}

BOOST_AUTO_TEST_CASE(RejectsOldProtocols) {
    const TestCertificate certificate;
    const auto context = serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}});
    BOOST_TEST(canConnect(context, TLS1_3_VERSION));
    BOOST_TEST(canConnect(context, TLS1_2_VERSION));
    BOOST_TEST(!canConnect(context, TLS1_1_VERSION));
}

BOOST_AUTO_TEST_CASE(NamesTheFileAtFault) {
    const TestCertificate certificate;
    const TestCertificate other;
    const TestCertificate secret("DNS:localhost", "passphrase");
    const auto make = [](const TlsFiles& files) { return serverTlsContext(files); };
    BOOST_CHECK_EXCEPTION(make({"/nowhere.crt", certificate.keyFile(), {}}), Poco::Net::SSLContextException,
                          naming("/nowhere.crt"));
    BOOST_CHECK_EXCEPTION(make({certificate.certificateFile(), "/nowhere.key", {}}),
                          Poco::Net::SSLContextException, naming("/nowhere.key"));
    BOOST_CHECK_EXCEPTION(make({certificate.certificateFile(), other.keyFile(), {}}),
                          Poco::Net::SSLContextException, naming(other.keyFile()));
    BOOST_CHECK_EXCEPTION(make({secret.certificateFile(), secret.keyFile(), {}}),
                          Poco::Net::SSLContextException, naming(secret.keyFile()));
    BOOST_CHECK_EXCEPTION(make({certificate.certificateFile(), certificate.keyFile(), "/nowhere.ca"}),
                          Poco::Net::SSLContextException, naming("/nowhere.ca"));
}

BOOST_AUTO_TEST_SUITE_END()
