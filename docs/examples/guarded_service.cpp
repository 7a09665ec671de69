// A service on Poco::Net::HTTPServer with its own handlers behind ChangeBank's guard: every request needs
// a token that FusionAuth issued for this application, and the role "clerk".
//   guarded_service [ISSUER [PORT]]
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/URI.h>

#include <iostream>

#include "changebank/security/guard/AccessGuard.h"
#include "changebank/security/guard/GuardedRequestHandlerFactory.h"
#include "changebank/security/keys/HttpJwksFetcher.h"
#include "changebank/security/keys/RemoteJwkSet.h"

using namespace changebank;
using namespace changebank::security;

namespace {

/// On an event-driven server, a handler that waits (for a disk, a database, another service) also derives
/// from changebank::BlockingRequestHandler; Poco::Net::HTTPServer gives each connection a thread anyway.
class GreetingHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit GreetingHandler(std::shared_ptr<const Principal> principal) : _principal(std::move(principal)) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        response.setContentType("text/plain; charset=utf-8");
        response.send() << "Hello " << _principal->subject << "\n";
    }

private:
    std::shared_ptr<const Principal> _principal;
};

class GreetingFactory : public PrincipalRequestHandlerFactory {
public:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest&, std::shared_ptr<const Principal> principal) override {
        return std::make_unique<GreetingHandler>(std::move(principal));
    }
};

}  // namespace

int main(int argc, char** argv) {
    const std::string issuer = argc > 1 ? argv[1] : "http://localhost:9011";
    const auto port = static_cast<Poco::UInt16>(argc > 2 ? std::stoul(argv[2]) : 8080);

    TokenPolicy policy;
    policy.issuer = issuer;
    policy.audiences = {"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"};

    const Poco::URI address(issuer + "/.well-known/jwks.json");
    const auto keys =
        std::make_shared<RemoteJwkSet>(RemoteJwkSet::Options{}, std::make_unique<HttpJwksFetcher>(address));
    keys->start();

    const auto cache = std::make_shared<VerifiedTokenCache>(10'000);
    const auto validator = std::make_shared<TokenValidator>(policy, keys, cache, /*settingsGeneration=*/1);
    const auto reporter =
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>());
    const auto clerks =
        std::make_shared<AccessGuard>(anyRole({"clerk"}), std::make_shared<GreetingFactory>(), reporter);

    Poco::Net::HTTPServer server(
        new GuardedRequestHandlerFactory(TokenExtractor("app.at"), validator, clerks, reporter),
        Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", port)),
        new Poco::Net::HTTPServerParams);
    server.start();
    std::cout << "listening on 127.0.0.1:" << server.port() << ", until Enter is pressed" << std::endl;
    std::cin.get();
    server.stop();
}
