#include "tests/support/WebhookReceiver.h"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

namespace changebank::tests {

class WebhookReceiver::Handler : public Poco::Net::HTTPRequestHandler {
public:
    explicit Handler(WebhookReceiver& receiver) : _receiver(receiver) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        Told told;
        Poco::StreamCopier::copyToString(request.stream(), told.body);
        told.signature = request.get("X-FusionAuth-Signature-JWT", "");
        told.authorization = request.get("Authorization", "");
        told.contentType = request.getContentType();
        response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(_receiver.nextStatus()));
        response.send();
        _receiver._inbox.put(told);
    }

private:
    WebhookReceiver& _receiver;
};

class WebhookReceiver::Factory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit Factory(WebhookReceiver& receiver) : _receiver(receiver) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest&) override {
        return new Handler(_receiver);
    }

private:
    WebhookReceiver& _receiver;
};

WebhookReceiver::WebhookReceiver(std::uint16_t port)
    : _server(new Factory(*this), Poco::Net::ServerSocket(Poco::Net::SocketAddress("127.0.0.1", port)),
              new Poco::Net::HTTPServerParams) {
    _server.start();
}

WebhookReceiver::~WebhookReceiver() {
    _server.stopAll(true);
}

std::string WebhookReceiver::url() const {
    return "http://127.0.0.1:" + std::to_string(_server.port()) + "/hook?a=b";
}

void WebhookReceiver::answerWith(std::vector<int> statuses) {
    const std::lock_guard lock(_mutex);
    _statuses = std::move(statuses);
}

int WebhookReceiver::nextStatus() {
    const std::lock_guard lock(_mutex);
    if (_statuses.empty()) return 200;
    const int status = _statuses.front();
    _statuses.erase(_statuses.begin());
    return status;
}

}  // namespace changebank::tests
