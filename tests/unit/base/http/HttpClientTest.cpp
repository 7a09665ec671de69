#include "changebank/base/http/HttpClient.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <openssl/err.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TestCertificate.h"

using namespace changebank;
using changebank::tests::ScriptedKeyServer;
using changebank::tests::TestCertificate;
using namespace std::chrono_literals;

namespace {

constexpr auto enough = 10'000ms;

/// Makes the resolver wait while it is set.
std::atomic<bool> isResolverStuck{false};

addrinfo* addressInfo(const char* address, const char* port) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    real(address, port, &hints, &found);
    return found;
}

}  // namespace

/// Stands before the C library's, for libcurl as well. Knows stuck.test, which resolves to nothing after a
/// long time, and two.test, which has the addresses 127.0.0.1 and 127.0.0.2.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
    if (host && std::strcmp(host, "stuck.test") == 0) {
        while (isResolverStuck)
            std::this_thread::sleep_for(5ms);
        return EAI_NONAME;
    }
    if (host && std::strcmp(host, "two.test") == 0) {
        if (hints && hints->ai_family == AF_INET6) return EAI_NONAME;
        *result = addressInfo("127.0.0.1", service);
        (*result)->ai_next = addressInfo("127.0.0.2", service);
        return 0;
    }
    using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(host, service, hints, result);
}

namespace {

HttpClient::Response get(const std::string& url) {
    auto result = HttpClient().send({.url = url}, enough);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) BOOST_FAIL(failure->reason);
    return std::move(std::get<HttpClient::Response>(result));
}

HttpClient::Failure failureOf(const HttpClient::Result& result) {
    BOOST_REQUIRE(std::holds_alternative<HttpClient::Failure>(result));
    BOOST_TEST(ERR_peek_error() == 0U);
    return std::get<HttpClient::Failure>(result);
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::chrono::milliseconds since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

/// Sets an environment variable until the end of the scope.
class Variable {
public:
    Variable(const char* name, const std::string& value) : _name(name) { ::setenv(name, value.c_str(), 1); }
    ~Variable() { ::unsetenv(_name); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* _name;
};

/// A TLS server that does what it is told on its only connection, after the handshake and a request.
class TlsServer {
public:
    using Script = std::function<void(SSL& tls, int socket)>;

    explicit TlsServer(Script script) : _listener(Poco::Net::SocketAddress("127.0.0.1", 0)) {
        _thread = std::jthread([this, script = std::move(script)] { serve(script); });
    }

    std::string url() const {
        return "https://localhost:" + std::to_string(_listener.address().port()) + "/";
    }
    std::string caFile() const { return _certificate.certificateFile(); }

private:
    void serve(const Script& script) {
        auto connection = _listener.acceptConnection();
        const std::unique_ptr<SSL_CTX, OpenSslDeleter<SSL_CTX_free>> context(
            SSL_CTX_new(TLS_server_method()));
        SSL_CTX_use_certificate_chain_file(context.get(), _certificate.certificateFile().c_str());
        SSL_CTX_use_PrivateKey_file(context.get(), _certificate.keyFile().c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_set_num_tickets(context.get(), 0);
        const std::unique_ptr<SSL, OpenSslDeleter<SSL_free>> tls(SSL_new(context.get()));
        SSL_set_fd(tls.get(), connection.impl()->sockfd());
        char request[4096];
        if (SSL_accept(tls.get()) == 1 && SSL_read(tls.get(), request, sizeof request) > 0)
            script(*tls, connection.impl()->sockfd());
        ERR_clear_error();
    }

    TestCertificate _certificate;
    Poco::Net::ServerSocket _listener;
    std::jthread _thread;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(HttpClientTest)

BOOST_AUTO_TEST_CASE(bringsTheResponseWhateverItsStatus) {
    ScriptedKeyServer server(ScriptedKeyServer::raw(
        "HTTP/1.1 404 Not Found\r\nX-One:  a \r\nx-one: b\r\nContent-Length: 4\r\n\r\nbody"));
    const auto response = get(server.uri());
    BOOST_TEST(response.status == 404);
    BOOST_TEST(response.body == "body");
    BOOST_TEST(response.fields.get("X-ONE") == "a");
    BOOST_TEST(response.fields.size() == 3U);
    BOOST_TEST(contains(server.lastRequestHead(), "\r\nAccept-Encoding: identity\r\n"));
}

BOOST_AUTO_TEST_CASE(aBodyMakesAPost) {
    ScriptedKeyServer server(ScriptedKeyServer::status(200));
    const std::string body(100'000, 'x');
    HttpClient().send({.url = server.uri(), .fields = {{"A", "b"}, {"Empty", ""}}, .body = body}, enough);
    const auto head = server.lastRequestHead();
    BOOST_TEST(head.substr(0, 5) == "POST ");
    BOOST_TEST(contains(head, "\r\nContent-Length: 100000\r\n"));
    BOOST_TEST(contains(head, "\r\nA: b\r\n"));
    BOOST_TEST(contains(head, "\r\nEmpty:\r\n"));
    BOOST_TEST(!contains(head, "Expect"));
}

BOOST_AUTO_TEST_CASE(aFieldCannotAddAnother) {
    ScriptedKeyServer server(ScriptedKeyServer::status(200));
    for (const char* value : {"a\r\nB: c", "a\nB: c", "\x01"})
        failureOf(HttpClient().send({.url = server.uri(), .fields = {{"A", value}}}, enough));
    BOOST_TEST(server.hits() == 0U);
}

BOOST_AUTO_TEST_CASE(informationalResponsesComeBeforeTheResponse) {
    for (const char* before : {"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\nETag: \"early\"\r\n\r\n",
                               "HTTP/1.1 100 Continue\r\n\r\n",
                               "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"}) {
        ScriptedKeyServer server(
            ScriptedKeyServer::raw(std::string(before) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
        const auto response = get(server.uri());
        BOOST_TEST(response.status == 200);
        BOOST_TEST(response.body == "{}");
        BOOST_TEST(!response.fields.has("ETag"));
    }
}

BOOST_AUTO_TEST_CASE(trailersAreNotFields) {
    ScriptedKeyServer server(
        ScriptedKeyServer::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "2\r\n{}\r\n0\r\nCache-Control: max-age=9\r\n\r\n"));
    const auto response = get(server.uri());
    BOOST_TEST(response.body == "{}");
    BOOST_TEST(!response.fields.has("Cache-Control"));
}

BOOST_AUTO_TEST_CASE(limitsTheFieldsAlsoOfManyInformationalResponses) {
    std::string early;
    for (int i = 0; i < 100; ++i)
        early += "HTTP/1.1 103 Early Hints\r\nX: " + std::string(1000, 'x') + "\r\n\r\n";
    for (const auto& head : {early, "HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x') + "\r\n"}) {
        ScriptedKeyServer server(
            ScriptedKeyServer::raw(head + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        const auto failure = failureOf(HttpClient().send({.url = server.uri()}, enough));
        BOOST_TEST(failure.reason == "the fields of the response are larger than 32768 bytes");
    }
}

BOOST_AUTO_TEST_CASE(limitsTheBodyWhileItComes) {
    const HttpClient client(HttpClient::Options{.maxBodySize = 10});
    ScriptedKeyServer server(ScriptedKeyServer::document(std::string(10, 'x')));
    BOOST_TEST(std::get<HttpClient::Response>(client.send({.url = server.uri()}, enough)).body.size() == 10U);
    server.play(ScriptedKeyServer::raw("HTTP/1.1 200 OK\r\n\r\n" + std::string(20'000'000, 'x')));
    BOOST_TEST(failureOf(client.send({.url = server.uri()}, enough)).reason ==
               "the response is larger than 10 bytes");
}

BOOST_AUTO_TEST_CASE(aContentCodingThatNobodyAskedForIsAFailure) {
    ScriptedKeyServer server(ScriptedKeyServer::document("\x1F\x8B", "Content-Encoding: gzip\r\n"));
    BOOST_TEST(failureOf(HttpClient().send({.url = server.uri()}, enough)).reason ==
               "the response has the content coding \"gzip\", which nobody asked for");
    server.play(ScriptedKeyServer::document("{}", "Content-Encoding: Identity\r\n"));
    BOOST_TEST(get(server.uri()).body == "{}");
}

BOOST_AUTO_TEST_CASE(saysWhatFailed) {
    const auto reasonOf = [](const std::string& url) {
        return failureOf(HttpClient().send({.url = url}, enough)).reason;
    };
    Poco::Net::ServerSocket closed;
    closed.bind(Poco::Net::SocketAddress("127.0.0.1", 0), false, false);
    const auto port = std::to_string(closed.address().port());
    BOOST_TEST(contains(reasonOf("http://127.0.0.1:" + port + "/"), "Connection refused"));
    BOOST_TEST(contains(reasonOf("http://stuck.test/"), "resolve host: stuck.test"));
    ScriptedKeyServer odd(ScriptedKeyServer::raw("nonsense\r\n\r\n"));
    BOOST_TEST(contains(reasonOf(odd.uri()), "not HTTP"));
    odd.play(ScriptedKeyServer::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"));
    BOOST_TEST(contains(reasonOf(odd.uri()), "cut off"));
    BOOST_TEST(contains(reasonOf("ftp://localhost/"), "rotocol"));
    BOOST_TEST(contains(reasonOf("file:///etc/passwd"), "rotocol"));
    const TlsServer server([](SSL&, int) {});
    BOOST_TEST(contains(reasonOf(server.url()), "the certificate is refused: "));
}

BOOST_AUTO_TEST_CASE(aNameThatDoesNotResolveInTimeIsLate) {
    isResolverStuck = true;
    const auto begin = std::chrono::steady_clock::now();
    const auto failure = failureOf(HttpClient().send({.url = "http://stuck.test/"}, 100ms));
    const auto taken = since(begin);
    isResolverStuck = false;
    BOOST_TEST((failure.kind == HttpClient::Failure::Kind::timedOut));
    BOOST_TEST(failure.reason == "no response within 100 ms: the name is not resolved");
    BOOST_TEST((taken >= 100ms));
    BOOST_TEST((taken < 5s));
}

// RFC 8305: an address that does not answer does not use up the time of the others.
BOOST_AUTO_TEST_CASE(anotherAddressIsTriedWhenTheFirstIsDead) {
    Poco::Net::ServerSocket alive(Poco::Net::SocketAddress("127.0.0.2", 0));
    const auto port = alive.address().port();
    // A full backlog: further connections get no answer.
    Poco::Net::ServerSocket dead;
    dead.bind(Poco::Net::SocketAddress("127.0.0.1", port), false, false);
    dead.listen(0);
    std::vector<Poco::Net::StreamSocket> fill(4);
    for (auto& socket : fill)
        socket.connectNB(dead.address());
    const std::jthread server([&alive] {
        auto connection = alive.acceptConnection();
        char request[4096];
        connection.receiveBytes(request, sizeof request);
        const std::string response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
        connection.sendBytes(response.data(), static_cast<int>(response.size()));
    });
    const auto result = HttpClient().send({.url = "http://two.test:" + std::to_string(port) + "/"}, 4s);
    if (const auto* failure = std::get_if<HttpClient::Failure>(&result)) {
        BOOST_ERROR(failure->reason);
        Poco::Net::StreamSocket(alive.address()).sendBytes("x", 1);
    }
}

BOOST_AUTO_TEST_CASE(aProxyIsUsedAsTheSettingOrTheEnvironmentSays) {
    ScriptedKeyServer proxy(ScriptedKeyServer::document("proxied"));
    const auto address = "http://127.0.0.1:" + std::to_string(proxy.port());
    const auto lineOf = [&proxy](const HttpClient& client, const std::string& url) {
        client.send({.url = url}, enough);
        return proxy.lastRequestHead().substr(0, proxy.lastRequestHead().find('\r'));
    };
    const HttpClient set(HttpClient::Options{.proxy = address});
    BOOST_TEST(lineOf(set, "http://one.invalid/a") == "GET http://one.invalid/a HTTP/1.1");
    BOOST_TEST(lineOf(set, "https://two.invalid/") == "CONNECT two.invalid:443 HTTP/1.1");
    for (const char* name : {"http_proxy", "HTTP_PROXY"}) {
        const Variable variable(name, address);
        BOOST_TEST(lineOf({}, std::string("http://") + name + ".invalid/") ==
                   std::string("GET http://") + name + ".invalid/ HTTP/1.1");
    }
    for (const char* name : {"https_proxy", "HTTPS_PROXY"}) {
        const Variable variable(name, address);
        BOOST_TEST(lineOf({}, std::string("https://") + name + ".invalid/") ==
                   std::string("CONNECT ") + name + ".invalid:443 HTTP/1.1");
    }
    const auto hits = proxy.hits();
    {
        const Variable variable("http_proxy", address);
        const Variable exception("NO_PROXY", "three.invalid");
        BOOST_TEST(contains(failureOf(HttpClient().send({.url = "http://three.invalid/"}, enough)).reason,
                            "resolve host: three.invalid"));
    }
    BOOST_TEST(proxy.hits() == hits);
}

// Plain http is trusted to loopback because it does not leave the machine.
BOOST_AUTO_TEST_CASE(loopbackIsAskedWithoutAProxy) {
    ScriptedKeyServer proxy(ScriptedKeyServer::document("proxied"));
    ScriptedKeyServer server(ScriptedKeyServer::document("direct"));
    const auto address = "http://127.0.0.1:" + std::to_string(proxy.port());
    const Variable variable("http_proxy", address);
    const HttpClient client(HttpClient::Options{.proxy = address});
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const auto url = "http://" + std::string(host) + ":" + std::to_string(server.port()) + "/";
        BOOST_TEST(std::get<HttpClient::Response>(client.send({.url = url}, enough)).body == "direct");
    }
    BOOST_TEST(proxy.hits() == 0U);
}

BOOST_AUTO_TEST_CASE(aStopEndsAnExchange) {
    ScriptedKeyServer server(ScriptedKeyServer::silence());
    std::stop_source source;
    const std::jthread stopping([&] {
        while (server.hits() == 0)
            std::this_thread::sleep_for(1ms);
        source.request_stop();
    });
    const auto begin = std::chrono::steady_clock::now();
    const auto failure = failureOf(HttpClient().send({.url = server.uri()}, 60s, source.get_token()));
    BOOST_TEST((failure.kind == HttpClient::Failure::Kind::stopped));
    BOOST_TEST((since(begin) < 30s));
}

// RFC 8446 section 4.6.3: OpenSSL reads one key update after another for as long as they come.
BOOST_AUTO_TEST_CASE(keyUpdatesDoNotOutlastTheDeadline) {
    const TlsServer server([](SSL& tls, int) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < end) {
            if (SSL_key_update(&tls, SSL_KEY_UPDATE_NOT_REQUESTED) != 1 || SSL_do_handshake(&tls) != 1)
                return;
        }
    });
    const HttpClient client(HttpClient::Options{.caFile = server.caFile()});
    const auto begin = std::chrono::steady_clock::now();
    const auto failure = failureOf(client.send({.url = server.url()}, 500ms));
    const auto taken = since(begin);
    BOOST_TEST((failure.kind == HttpClient::Failure::Kind::timedOut), failure.reason);
    BOOST_TEST((taken >= 500ms));
    BOOST_TEST((taken < 5s));
}

BOOST_AUTO_TEST_CASE(certificateAuthoritiesMustBeReadable) {
    const TestCertificate certificate;
    BOOST_CHECK_THROW(HttpClient(HttpClient::Options{.caFile = "/no/such/file.pem"}), Poco::Exception);
    BOOST_CHECK_THROW(HttpClient(HttpClient::Options{.caFile = certificate.keyFile()}), Poco::Exception);
    BOOST_TEST(ERR_peek_error() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
