#include <Poco/Net/Context.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/err.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "changebank/security/keys/HttpJwksFetcher.h"
#include "tests/support/TestCertificate.h"

using namespace changebank;
using namespace changebank::security;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

/// Serves one connection over TLS, and ends with it.
class TlsKeyServer {
public:
    explicit TlsKeyServer(const TestCertificate& certificate, int disabled = 0)
        : _socket(Poco::Net::SocketAddress("127.0.0.1", 0), 8, contextOf(certificate, disabled)),
          _thread([this] { serve(); }) {}
    ~TlsKeyServer() { _thread.join(); }
    TlsKeyServer(const TlsKeyServer&) = delete;
    TlsKeyServer& operator=(const TlsKeyServer&) = delete;

    std::string uri(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(_socket.address().port()) + "/jwks.json";
    }

private:
    static Poco::Net::Context::Ptr contextOf(const TestCertificate& certificate, int disabled) {
        Poco::Net::Context::Ptr context =
            new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, certificate.keyFile(),
                                   certificate.certificateFile(), "", Poco::Net::Context::VERIFY_NONE);
        if (disabled != 0) context->disableProtocols(disabled);
        return context;
    }

    void serve() {
        try {
            auto connection = _socket.acceptConnection();
            char head[4096];
            if (connection.receiveBytes(head, sizeof head) <= 0) return;
            const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"keys\":[]}";
            connection.sendBytes(answer.data(), static_cast<int>(answer.size()));
            connection.shutdown();
        } catch (const Poco::Exception&) {
            // The client refused our certificate, which is what some tests are about.
        }
    }

    Poco::Net::SecureServerSocket _socket;
    std::thread _thread;
};

FetchResult fetch(const std::string& uri, const std::string& caFile) {
    auto result = HttpJwksFetcher(Poco::URI(uri), {.caFile = caFile}).fetch({}, false, 10s);
    BOOST_TEST(ERR_peek_error() == 0U);
    return result;
}

std::string reasonOf(const FetchResult& result) {
    BOOST_REQUIRE(std::holds_alternative<FetchFailure>(result));
    BOOST_TEST((std::get<FetchFailure>(result).cause == Cause::keysUnreachable));
    return std::get<FetchFailure>(result).reason;
}

struct TlsLibrary {
    TlsLibrary() { Poco::Net::initializeSSL(); }
    ~TlsLibrary() { Poco::Net::uninitializeSSL(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(HttpJwksFetcherTlsTest, TlsLibrary)

BOOST_AUTO_TEST_CASE(fetchesFromATrustedServerOfThatName) {
    const TestCertificate certificate;
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const TlsKeyServer server(certificate);
        const auto result = fetch(server.uri(host), certificate.certificateFile());
        BOOST_REQUIRE_MESSAGE(std::holds_alternative<FetchedKeys>(result), host);
        BOOST_TEST(std::get<FetchedKeys>(result).document == "{\"keys\":[]}");
    }
}

BOOST_AUTO_TEST_CASE(refusesATrustedServerOfAnotherName) {
    const TestCertificate certificate("DNS:other.example,IP:127.0.0.9");
    for (const char* host : {"localhost", "127.0.0.1"}) {
        const TlsKeyServer server(certificate);
        BOOST_TEST(reasonOf(fetch(server.uri(host), certificate.certificateFile()))
                       .find("the certificate is refused") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(refusesAnUntrustedServer) {
    const TestCertificate certificate;
    const TestCertificate another;
    for (const auto& caFile : {another.certificateFile(), std::string()}) {
        const TlsKeyServer server(certificate);
        BOOST_TEST(reasonOf(fetch(server.uri("localhost"), caFile)).find("the certificate is refused") !=
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(refusesOldProtocols) {
    const TestCertificate certificate;
    const TlsKeyServer server(certificate,
                              Poco::Net::Context::PROTO_TLSV1_2 | Poco::Net::Context::PROTO_TLSV1_3);
    reasonOf(fetch(server.uri("localhost"), certificate.certificateFile()));
}

BOOST_AUTO_TEST_CASE(aMissingAuthorityFileIsAnError) {
    BOOST_CHECK_THROW(HttpJwksFetcher(Poco::URI("https://localhost/"), {.caFile = "/no/such/file.pem"}),
                      Poco::Exception);
}

BOOST_AUTO_TEST_SUITE_END()
