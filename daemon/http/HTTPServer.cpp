#include "daemon/http/HTTPServer.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

namespace changebank::http {

namespace {

class LastRequestWithBody : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit LastRequestWithBody(Poco::Net::HTTPRequestHandlerFactory::Ptr next) : _next(std::move(next)) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override {
        if (request.hasContentLength() || request.getChunkedTransferEncoding() ||
            request.has(Poco::Net::HTTPMessage::TRANSFER_ENCODING)) {
            request.response().setKeepAlive(false);
        }
        return _next->createRequestHandler(request);
    }

private:
    Poco::Net::HTTPRequestHandlerFactory::Ptr _next;
};

constexpr int backlog = 4096;

}  // namespace

HTTPServer::HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, const Poco::Net::ServerSocket& socket,
                       Poco::Net::HTTPServerParams::Ptr params)
    : Poco::Net::HTTPServer(new LastRequestWithBody(std::move(factory)), socket, std::move(params)) {}

Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address) {
    Poco::Net::ServerSocket socket;
    socket.bind(address, /*reuseAddress=*/true, /*reusePort=*/false);
    socket.listen(backlog);
    return socket;
}

}  // namespace changebank::http
