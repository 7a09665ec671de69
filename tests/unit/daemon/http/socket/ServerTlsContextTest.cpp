#include "changebank/daemon/http/socket/ServerTlsContext.h"

#include <Poco/Exception.h>
#include <Poco/Net/SSLException.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "changebank/base/system/OpenSsl.h"
#include "tests/support/TestCertificate.h"

using namespace changebank;
using namespace changebank::http;
using changebank::tests::TemporaryFolder;
using changebank::tests::TestCertificate;

namespace {

auto naming(const std::string& file) {
    return [file](const Poco::Net::SSLContextException& error) {
        return error.displayText().find(file) != std::string::npos && ERR_peek_error() == 0;
    };
}

/// For OpenSSL: sets `isRead` once the server has read the client's signature, before it verifies it.
void noticeSignature(int isWritten, int, int contentType, const void* message, std::size_t length, SSL*,
                     void* isRead) {
    if (isWritten == 0 && contentType == SSL3_RT_HANDSHAKE && length > 0 &&
        *static_cast<const unsigned char*>(message) == SSL3_MT_CERTIFICATE_VERIFY)
        *static_cast<bool*>(isRead) = true;
}

struct Handshake {
    bool isComplete = false;
    bool hasReadSignature = false;
    bool hasProvenKey = false;
};

/// What becomes of a handshake, in memory, with a client that speaks this version alone, with that
/// certificate or none.
Handshake shakeHands(const Poco::Net::Context::Ptr& context, int version,
                     const TestCertificate* certificate = nullptr) {
    Handshake result;
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> clientContext(SSL_CTX_new(TLS_client_method()),
                                                                          &SSL_CTX_free);
    SSL_CTX_set_security_level(clientContext.get(), 0);
    SSL_CTX_set_min_proto_version(clientContext.get(), version);
    SSL_CTX_set_max_proto_version(clientContext.get(), version);
    if (certificate != nullptr) {
        SSL_CTX_use_certificate_chain_file(clientContext.get(), certificate->certificateFile().c_str());
        SSL_CTX_use_PrivateKey_file(clientContext.get(), certificate->keyFile().c_str(), SSL_FILETYPE_PEM);
    }
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(clientContext.get()), &SSL_free);
    const std::unique_ptr<SSL, decltype(&SSL_free)> server(SSL_new(context->sslContext()), &SSL_free);
    BIO* clientEnd = nullptr;
    BIO* serverEnd = nullptr;
    constexpr std::size_t bufferSize = std::size_t{64} * 1024;
    BIO_new_bio_pair(&clientEnd, bufferSize, &serverEnd, bufferSize);
    SSL_set_bio(client.get(), clientEnd, clientEnd);
    SSL_set_bio(server.get(), serverEnd, serverEnd);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    SSL_set_msg_callback(server.get(), &noticeSignature);
    SSL_set_msg_callback_arg(server.get(), &result.hasReadSignature);
    for (int i = 0; i < 10; ++i) {
        SSL_do_handshake(client.get());
        SSL_do_handshake(server.get());
    }
    ERR_clear_error();
    result.isComplete = SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1;
    result.hasProvenKey = result.isComplete && SSL_get0_peer_certificate(server.get()) != nullptr;
    return result;
}

bool canConnect(const Poco::Net::Context::Ptr& context, int version,
                const TestCertificate* certificate = nullptr) {
    return shakeHands(context, version, certificate).isComplete;
}

using Key = std::shared_ptr<EVP_PKEY>;

Key keyOf(EVP_PKEY* key) {
    if (key == nullptr) throw std::runtime_error("no test key");
    return {key, &EVP_PKEY_free};
}

/// An RSA key whose exponents have changed places: the private one is 65537, so that a signature costs the
/// client little, the public one as long as the modulus.
Key rsaWithLongExponent(unsigned bits) {
    const Key ordinary = keyOf(EVP_RSA_gen(bits));
    OSSL_PARAM* raw = nullptr;
    if (EVP_PKEY_todata(ordinary.get(), EVP_PKEY_KEYPAIR, &raw) != 1) throw std::runtime_error("no numbers");
    const Parameters numbers(raw);
    std::swap(OSSL_PARAM_locate(raw, OSSL_PKEY_PARAM_RSA_E)->key,
              OSSL_PARAM_locate(raw, OSSL_PKEY_PARAM_RSA_D)->key);
    for (const char* name : {OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2})
        OSSL_PARAM_set_ulong(OSSL_PARAM_locate(raw, name), RSA_F4);
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, raw) != 1)
        throw std::runtime_error("no key of those numbers");
    return keyOf(key);
}

/// An RSA key of that type of OpenSSL's. It has four primes if it is long: they are found sooner than two.
Key rsaOf(int bits, const char* type = "RSA") {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_keygen_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) != 1 ||
        EVP_PKEY_CTX_set_rsa_keygen_primes(context.get(), bits < 4096 ? 2 : 4) != 1)
        throw std::runtime_error("no such test key");
    EVP_PKEY_generate(context.get(), &key);
    return keyOf(key);
}

using Recipe = TestCertificate::Recipe;

/// Clients with certificates of several kinds.
struct Clients {
    const TestCertificate server;
    const TestCertificate issued;
    const TestCertificate expired{Recipe{.validFor = -std::chrono::minutes(1)}};
    const TestCertificate stranger;
    const TestCertificate weak{Recipe{.rsaBits = 1024}};
    const TestCertificate tooLong{"DNS:" + std::string(maxClientCertificate, 'a')};
    const TemporaryFolder folder;

    /// A file with those certificates that their issuer is no reason to refuse.
    std::string authorities() const {
        std::ofstream file(folder.file("authorities.pem"));
        for (const auto* certificate : {&issued, &expired, &tooLong})
            file << std::ifstream(certificate->certificateFile()).rdbuf();
        return folder.file("authorities.pem");
    }

    /// The names of those who get through a handshake.
    std::string admittedBy(const Poco::Net::Context::Ptr& context, int version) const {
        std::string admitted;
        for (const auto& [name, certificate] :
             std::map<std::string, const TestCertificate*>{{"nobody", nullptr},
                                                           {"issued", &issued},
                                                           {"expired", &expired},
                                                           {"stranger", &stranger},
                                                           {"weak", &weak},
                                                           {"tooLong", &tooLong}})
            if (canConnect(context, version, certificate)) admitted += name + " ";
        return admitted;
    }
};

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

BOOST_AUTO_TEST_CASE(KnowsWhenItsCertificateExpires) {
    using namespace std::chrono;
    for (const auto validFor : {seconds(-30min), seconds(2h), seconds(24h * 365 * 20)}) {
        const auto before = floor<seconds>(system_clock::now());
        const TestCertificate certificate(TestCertificate::Recipe{.validFor = validFor});
        const auto after = ceil<seconds>(system_clock::now());
        const auto expiry =
            certificateExpiry(*serverTlsContext({certificate.certificateFile(), certificate.keyFile(), {}}));
        BOOST_REQUIRE(expiry.has_value());
        BOOST_TEST((*expiry >= before + validFor && *expiry <= after + validFor));
    }
    const Poco::Net::Context::Ptr client =
        new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, Poco::Net::Context::Params());
    BOOST_TEST(!certificateExpiry(*client).has_value());
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
    BOOST_CHECK_EXCEPTION(make({certificate.certificateFile(), certificate.keyFile(), "/nowhere.ca",
                                ClientCertificates::Request}),
                          Poco::Net::SSLContextException, naming("/nowhere.ca"));
}

BOOST_AUTO_TEST_CASE(AuthoritiesAloneRequireCertificates) {
    BOOST_TEST((TlsFiles{}.expected() == ClientCertificates::Off));
    BOOST_TEST((TlsFiles{{}, {}, "/ca"}.expected() == ClientCertificates::Require));
    BOOST_TEST(
        (TlsFiles{{}, {}, "/ca", ClientCertificates::Request}.expected() == ClientCertificates::Request));
}

// The authorities are self-signed certificates of clients, each of which has issued itself.
BOOST_FIXTURE_TEST_CASE(EachExpectationAdmitsItsClients, Clients) {
    struct Expectation {
        std::string file;
        std::optional<ClientCertificates> set;
        std::string admitted;
    };
    using enum ClientCertificates;
    const std::string everyone = "expired issued nobody stranger ";
    for (const auto& [file, set, admitted] :
         {Expectation{{}, std::nullopt, everyone + "tooLong weak "},
          Expectation{{}, Off, everyone + "tooLong weak "}, Expectation{{}, Request, everyone},
          Expectation{authorities(), Request, "issued nobody "},
          Expectation{authorities(), Require, "issued "},
          Expectation{authorities(), std::nullopt, "issued "}}) {
        const auto context = serverTlsContext({server.certificateFile(), server.keyFile(), file, set});
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
            BOOST_TEST(admittedBy(context, version) == admitted);
    }
}

BOOST_AUTO_TEST_CASE(ExpensiveKeysAreRefusedBeforeTheirSignatureIsVerified) {
    const TestCertificate server;
    const auto context =
        serverTlsContext({server.certificateFile(), server.keyFile(), {}, ClientCertificates::Request});
    struct Client {
        std::string name;
        Key key;
        bool isAdmitted;
    };
    for (const auto& [name, key, isAdmitted] :
         {Client{"P-256", keyOf(EVP_EC_gen("P-256")), true},
          Client{"P-384", keyOf(EVP_EC_gen("P-384")), true},
          Client{"P-521", keyOf(EVP_EC_gen("P-521")), true},
          Client{"Ed25519", keyOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), true},
          Client{"Ed448", keyOf(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448")), true},
          Client{"RSA 2048", rsaOf(2048), true}, Client{"RSA 4096", rsaOf(maxClientModulusBits), true},
          Client{"RSA-PSS 2048", rsaOf(2048, "RSA-PSS"), true},
          Client{"RSA above 4096", rsaOf(maxClientModulusBits + 8), false},
          Client{"RSA-PSS above 4096", rsaOf(maxClientModulusBits + 8, "RSA-PSS"), false},
          Client{"secp256k1", keyOf(EVP_EC_gen("secp256k1")), false},
          Client{"RSA with a long exponent", rsaWithLongExponent(3072), false}}) {
        const TestCertificate certificate(Recipe{.key = key});
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
            BOOST_TEST_CONTEXT(name << " with version " << version) {
                const auto handshake = shakeHands(context, version, &certificate);
                BOOST_TEST(handshake.hasProvenKey == isAdmitted);
                BOOST_TEST(handshake.hasReadSignature == isAdmitted);
            }
    }
}

BOOST_AUTO_TEST_CASE(AuthoritiesAnswerForTheirKeys) {
    const TestCertificate expensive(Recipe{.key = rsaWithLongExponent(2048)});
    const TestCertificate server;
    for (const auto expectation : {ClientCertificates::Request, ClientCertificates::Require})
        for (const bool isIssued : {true, false}) {
            const auto& authority = isIssued ? expensive : server;
            const auto context = serverTlsContext(
                {server.certificateFile(), server.keyFile(), authority.certificateFile(), expectation});
            for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
                const auto handshake = shakeHands(context, version, &expensive);
                BOOST_TEST(handshake.hasProvenKey == isIssued);
                BOOST_TEST(handshake.hasReadSignature == isIssued);
            }
        }
}

BOOST_AUTO_TEST_CASE(NobodyIsAskedAfterTheHandshake) {
    const TestCertificate certificate;
    for (const auto expectation : {ClientCertificates::Request, ClientCertificates::Require}) {
        const auto context = serverTlsContext(
            {certificate.certificateFile(), certificate.keyFile(),
             expectation == ClientCertificates::Require ? certificate.certificateFile() : std::string(),
             expectation});
        BOOST_TEST((SSL_CTX_get_verify_mode(context->sslContext()) & SSL_VERIFY_POST_HANDSHAKE) == 0);
    }
}

BOOST_AUTO_TEST_CASE(RejectsContradictions) {
    const TestCertificate certificate;
    const auto make = [&](const std::string& authorities, ClientCertificates expectation) {
        return serverTlsContext(
            {certificate.certificateFile(), certificate.keyFile(), authorities, expectation});
    };
    BOOST_CHECK_THROW(make({}, ClientCertificates::Require), Poco::InvalidArgumentException);
    BOOST_CHECK_THROW(make(certificate.certificateFile(), ClientCertificates::Off),
                      Poco::InvalidArgumentException);
}

BOOST_AUTO_TEST_SUITE_END()
