// The same API on POCO's own HTTP server with Poco::JWT, as POCO's users write it.
// usage: peer_poco PORT KEY.pem
#include <Poco/Crypto/RSAKey.h>
#include <Poco/JWT/JWTException.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NameValueCollection.h>
#include <Poco/NumberFormatter.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <csignal>
#include <iostream>

namespace {

using namespace Poco::Net;

const std::string issuer = "http://localhost:9011";
const std::string audience = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e";

void answer(HTTPServerResponse& response, HTTPResponse::HTTPStatus status, const std::string& body) {
    response.setStatusAndReason(status);
    response.setContentType("application/json; charset=utf-8");
    response.sendBuffer(body.data(), body.size());
}

std::string tokenOf(const HTTPServerRequest& request) {
    NameValueCollection cookies;
    request.getCookies(cookies);
    if (cookies.has("app.at")) return cookies["app.at"];
    if (!request.hasCredentials()) return {};
    std::string scheme;
    std::string credentials;
    request.getCredentials(scheme, credentials);
    return scheme == "Bearer" ? credentials : std::string();
}

bool hasRole(const Poco::JWT::Token& token) {
    const auto roles = token.payload().getArray("roles");
    if (!roles) return false;
    for (const auto& role : *roles) {
        if (role == "customer" || role == "teller") return true;
    }
    return false;
}

class Handler : public HTTPRequestHandler {
public:
    explicit Handler(const std::string& keyFile) : _keyFile(keyFile) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        const Poco::URI uri(request.getURI());
        if (uri.getPath() == "/livez")
            return answer(response, HTTPResponse::HTTP_OK, R"({"status":"alive"})");
        try {
            thread_local Poco::JWT::Signer signer(Poco::SharedPtr<Poco::Crypto::RSAKey>(
                new Poco::Crypto::RSAKey(_keyFile, std::string(), std::string())));
            signer.addAlgorithm(Poco::JWT::Signer::ALGO_RS256);
            const auto token = signer.verify(tokenOf(request));
            if (token.getIssuer() != issuer || token.getAudience() != std::vector{audience} ||
                token.getExpiration() < Poco::Timestamp())
                return answer(response, HTTPResponse::HTTP_UNAUTHORIZED, R"({"error":"claims"})");
            if (!hasRole(token)) return answer(response, HTTPResponse::HTTP_FORBIDDEN, R"({"error":"role"})");
        } catch (const Poco::Exception&) {
            return answer(response, HTTPResponse::HTTP_UNAUTHORIZED, R"({"error":"invalid token"})");
        }
        std::string total;
        for (const auto& [name, value] : uri.getQueryParameters()) {
            if (name == "total") total = value;
        }
        const auto cents = static_cast<long>(std::stod(total) * 100 + 0.5);
        answer(response, HTTPResponse::HTTP_OK,
               "{\"total\":" + total + ",\"nickels\":" + std::to_string(cents / 5) +
                   ",\"pennies\":" + std::to_string(cents % 5) + "}");
    }

private:
    const std::string& _keyFile;
};

class Factory : public HTTPRequestHandlerFactory {
public:
    explicit Factory(std::string keyFile) : _keyFile(std::move(keyFile)) {}
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new Handler(_keyFile);
    }

private:
    std::string _keyFile;
};

}  // namespace

int main(int count, char** values) {
    if (count != 3) {
        std::cerr << "usage: peer_poco PORT KEY.pem\n";
        return 64;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);

    HTTPServerParams::Ptr params(new HTTPServerParams);
    params->setMaxThreads(64);
    params->setMaxQueued(20'000);
    params->setMaxKeepAliveRequests(0);
    Poco::ThreadPool::defaultPool().addCapacity(64);
    const SocketAddress address("127.0.0.1", values[1]);
    HTTPServer server(new Factory(values[2]), ServerSocket(address, 1024), params);
    server.start();
    int signal = 0;
    sigwait(&signals, &signal);
    server.stopAll(true);
    return 0;
}
