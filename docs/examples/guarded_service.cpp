// A service on Poco::Net::HTTPServer with its own handlers behind ChangeBank's guard: every request needs
// a token that FusionAuth issued for this application, and the role "clerk"; but everybody may ask for its
// health.
//   guarded_service [ISSUER [PORT]]
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <iostream>

#include "changebank/security/guard/Guard.h"

using namespace changebank::security;

namespace {

/// On an event-driven server, a handler that waits (for a disk, a database, another service) also derives
/// from changebank::BlockingRequestHandler; Poco::Net::HTTPServer gives each connection a thread anyway.
class GreetingHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit GreetingHandler(std::shared_ptr<const Principal> principal) : _principal(std::move(principal)) {}

    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        response.setContentType("text/plain; charset=utf-8");
        response.send() << "Hello " << (_principal ? _principal->subject : "stranger") << "\n";
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
    const auto factory = std::make_shared<GreetingFactory>();

    Guard guard({.issuer = issuer, .audiences = {"e9fdb985-9173-4e01-9d73-ac2d60d1dc8e"}});
    Poco::Net::HTTPServer server(
        guard.protect({{"/", anyRole({"clerk"})}, {"/health", everybody()}}, factory),
        Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", port)),
        new Poco::Net::HTTPServerParams);
    server.start();

    std::cout << "listening on 127.0.0.1:" << server.port() << ", until Enter is pressed" << std::endl;
    std::cin.get();
    server.stop();
}
