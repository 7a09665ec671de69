#pragma once

#include <memory>
#include <string>

namespace Poco::Net {
class HTTPServerResponse;
}

namespace changebank {

/// A response whose body is sent from memory that it shares, so that clients that read slowly hold no copy
/// each. A server that offers it derives its Poco::Net::HTTPServerResponse from this as well.
class SharedBodyResponse {
public:
    virtual ~SharedBodyResponse() = default;

    /// As Poco::Net::HTTPServerResponse::sendBuffer(). The text must not be nullptr, nor change.
    virtual void sendShared(std::shared_ptr<const std::string> body) = 0;

    /// Sends the body shared if the server offers it, otherwise by sendBuffer().
    static void send(Poco::Net::HTTPServerResponse& response, std::shared_ptr<const std::string> body);
};

}  // namespace changebank
