#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Thread.h>
#include <Poco/Util/ServerApplication.h>

#include <iostream>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/daemon/http/HTTPServer.h"

class Hello : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest&, Poco::Net::HTTPServerResponse& response) override {
        response.setContentType("text/plain");
        response.send() << "Hello\n";
    }
};

/// Waits, here for a second; a handler that waits for a disk or for another service does the same. The mark
/// makes it run on a thread pool, so that the event loops serve other requests meanwhile.
class SlowHello : public Hello, public changebank::BlockingRequestHandler {
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        Poco::Thread::sleep(1000);
        Hello::handleRequest(request, response);
    }
};

class HelloFactory : public Poco::Net::HTTPRequestHandlerFactory {
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request) override {
        if (request.getURI() == "/slow") return new SlowHello;
        return new Hello;
    }
};

class Example : public Poco::Util::ServerApplication {
    int main(const std::vector<std::string>&) override {
        // Before: Poco::Net::HTTPServer server(new HelloFactory, Poco::Net::ServerSocket(8080), new
        // Poco::Net::HTTPServerParams);
        changebank::http::HTTPServer server(new HelloFactory, changebank::http::listenOn({"127.0.0.1", 8080}),
                                            new Poco::Net::HTTPServerParams);
        server.start();
        waitForTerminationRequest();
        server.stop();
        return EXIT_OK;
    }
};

POCO_SERVER_MAIN(Example)
