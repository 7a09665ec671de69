#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SocketAddress.h>

#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "changebank/base/handler/RequestContext.h"

namespace changebank::handlers {

/// A response that keeps what a handler sends.
class FakeResponse : public Poco::Net::HTTPServerResponse {
public:
    void sendContinue() override {}
    std::ostream& send() override {
        _sent = true;
        return _body;
    }
    void sendFile(const std::string&, const std::string&) override { _sent = true; }
    void sendBuffer(const void* buffer, std::size_t length) override {
        setContentLength64(static_cast<Poco::Int64>(length));
        send().write(static_cast<const char*>(buffer), static_cast<std::streamsize>(length));
    }
    void redirect(const std::string&, HTTPStatus) override { _sent = true; }
    void requireAuthentication(const std::string&) override {}
    bool sent() const override { return _sent; }

    std::string body() const { return _body.str(); }

private:
    std::ostringstream _body;
    bool _sent = false;
};

/// A request without a socket, and the response that belongs to it.
class FakeRequest : public Poco::Net::HTTPServerRequest {
public:
    FakeRequest(const std::string& method, const std::string& target) {
        setMethod(method);
        setURI(target);
        setVersion(HTTP_1_1);
        setHost("localhost:3000");
    }

    std::istream& stream() override { return _stream; }
    const Poco::Net::SocketAddress& clientAddress() const override { return _address; }
    const Poco::Net::SocketAddress& serverAddress() const override { return _address; }
    const Poco::Net::HTTPServerParams& serverParams() const override { return *_params; }
    Poco::Net::HTTPServerResponse& response() const override { return _response; }
    bool secure() const override { return false; }

    const FakeResponse& sentResponse() const { return _response; }

    const FakeResponse& handledBy(std::unique_ptr<Poco::Net::HTTPRequestHandler> handler) {
        handler->handleRequest(*this, _response);
        return _response;
    }

    /// Takes ownership of the handler.
    const FakeResponse& handledBy(Poco::Net::HTTPRequestHandler* handler) {
        return handledBy(std::unique_ptr<Poco::Net::HTTPRequestHandler>(handler));
    }

private:
    std::istringstream _stream;
    Poco::Net::SocketAddress _address{"127.0.0.1", static_cast<Poco::UInt16>(3000)};
    Poco::Net::HTTPServerParams::Ptr _params = new Poco::Net::HTTPServerParams;
    mutable FakeResponse _response;
};

/// A request of a server that takes its target apart and keeps an access log.
class ContextFakeRequest : public FakeRequest, public RequestContext {
public:
    using FakeRequest::FakeRequest;
    std::string_view path() const override {
        return std::string_view(getURI()).substr(0, getURI().find('?'));
    }
    std::string_view query() const override {
        const auto mark = getURI().find('?');
        return mark == std::string::npos ? "" : std::string_view(getURI()).substr(mark + 1);
    }
    void noteReceived(std::string_view method, std::string_view path) const override {
        received = std::string(method) + " " + std::string(path);
    }
    void noteRoute(std::string_view pattern) const override { route = pattern; }
    std::string_view notedRoute() const override { return route; }
    void noteSubject(std::string_view who) const override { subject = who; }
    void noteDenial(std::string_view cause) const override { denial = cause; }
    std::string_view traceId() const override { return trace; }
    std::string_view spanId() const override { return span; }
    std::string_view traceParent() const override { return parent; }
    std::string traceState() const override { return state; }
    void noteGuarded() const override { isGuarded = true; }

    mutable std::string received;
    mutable std::string route;
    mutable std::string subject;
    mutable std::string_view denial;
    mutable bool isGuarded = false;
    std::string trace;
    std::string span;
    std::string parent;
    std::string state;
};

}  // namespace changebank::handlers
