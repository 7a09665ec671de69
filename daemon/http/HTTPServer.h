#pragma once

#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/ServerSocket.h>

namespace changebank::http {

/// An HTTP server with the interface of Poco::Net::HTTPServer: handlers and factories written for that one work here
/// unchanged. A request that carries a body is the last one of its connection, so that a body which no handler
/// reads is never taken for the next request.
class HTTPServer : public Poco::Net::HTTPServer {
public:
    /// The socket must be bound and listening; see listenOn().
    HTTPServer(Poco::Net::HTTPRequestHandlerFactory::Ptr factory, const Poco::Net::ServerSocket& socket,
               Poco::Net::HTTPServerParams::Ptr params);
};

/// Binds and listens on an address, without SO_REUSEPORT: a second server on the same address fails with a
/// Poco::Net::NetException. Port 0 takes a free one, which the socket's address() then names.
Poco::Net::ServerSocket listenOn(const Poco::Net::SocketAddress& address);

}  // namespace changebank::http
