// A service on Poco::Net::HTTPServer whose own handlers stand behind ChangeBank's guard: every request needs
// a token that FusionAuth issued for this application, and the role "clerk".
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/URI.h>

#include <iostream>

#include "security/GuardedRequestHandlerFactory.h"
#include "security/HttpJwksFetcher.h"
#include "security/RemoteJwkSet.h"
#include "security/RoleGuard.h"

using namespace changebank::security;

namespace {

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
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&,
                                                        std::shared_ptr<const Principal> principal) override {
        return new GreetingHandler(std::move(principal));
    }
};

}  // namespace

int main() {
    TokenPolicy policy;
    policy.issuer = "http://localhost:9011";
    policy.audiences = {"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"};

    const Poco::URI address("http://localhost:9011/.well-known/jwks.json");
    const auto keys =
        std::make_shared<RemoteJwkSet>(RemoteJwkSet::Options{}, std::make_unique<HttpJwksFetcher>(address));
    keys->start();

    const auto cache = std::make_shared<VerifiedTokenCache>(10'000);
    const auto validator = std::make_shared<TokenValidator>(policy, keys, cache, /*settingsGeneration=*/1);
    const auto reporter =
        std::make_shared<RefusalReporter>(ErrorDetail::detailed, std::make_shared<RefusalCounters>());
    const auto clerks = std::make_shared<RoleGuard>(std::vector<std::string>{"clerk"},
                                                    std::make_shared<GreetingFactory>(), reporter);

    Poco::Net::HTTPServer server(
        new GuardedRequestHandlerFactory(TokenExtractor("app.at"), validator, clerks, reporter),
        Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", 8080)),
        new Poco::Net::HTTPServerParams);
    server.start();
    std::cout << "Press Enter to stop." << std::endl;
    std::cin.get();
    server.stop();
}
