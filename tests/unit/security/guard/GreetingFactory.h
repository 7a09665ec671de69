#pragma once

#include <Poco/Net/HTTPServerResponse.h>

#include <atomic>
#include <memory>
#include <utility>

#include "changebank/security/guard/PrincipalRequestHandlerFactory.h"

namespace changebank::tests {

/// Makes handlers that greet their caller, and counts them. Usable from any thread.
class GreetingFactory : public security::PrincipalRequestHandlerFactory {
    class Handler : public Poco::Net::HTTPRequestHandler {
    public:
        explicit Handler(std::shared_ptr<const security::Principal> principal)
            : _principal(std::move(principal)) {}
        void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
            const auto text = "hello " + _principal->subject;
            response.sendBuffer(text.data(), text.size());
        }

    private:
        std::shared_ptr<const security::Principal> _principal;
    };

public:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> createRequestHandler(
        const Poco::Net::HTTPServerRequest&, std::shared_ptr<const security::Principal> principal) override {
        ++made;
        return std::make_unique<Handler>(std::move(principal));
    }

    std::atomic<int> made = 0;
};

}  // namespace changebank::tests
