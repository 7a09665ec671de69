#pragma once

#include <Poco/ErrorHandler.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/daemon/http/HTTPServer.h"
#include "tests/support/Eventually.h"
#include "tests/unit/daemon/http/RawClient.h"

namespace changebank::http::test {

using Request = Poco::Net::HTTPServerRequest;
using Response = Poco::Net::HTTPServerResponse;
using Handle = std::function<void(Request&, Response&)>;
using tests::eventually;

class FunctionHandler : public Poco::Net::HTTPRequestHandler {
public:
    explicit FunctionHandler(Handle handle) : _handle(std::move(handle)) {}
    void handleRequest(Request& request, Response& response) override { _handle(request, response); }

private:
    Handle _handle;
};

class BlockingFunctionHandler : public FunctionHandler, public BlockingRequestHandler {
public:
    explicit BlockingFunctionHandler(Handle handle, Capacity capacity = Capacity::shared)
        : FunctionHandler(std::move(handle)), _capacity(capacity) {}
    Capacity capacity() const noexcept override { return _capacity; }

private:
    Capacity _capacity;
};

class FunctionFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    using Create = std::function<Poco::Net::HTTPRequestHandler*(const Request&)>;
    explicit FunctionFactory(Create create) : _create(std::move(create)) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const Request& request) override {
        return _create(request);
    }

private:
    Create _create;
};

/// Answers with what it saw: "METHOD URI HOST BODY".
inline void echo(Request& request, Response& response) {
    std::string body;
    Poco::StreamCopier::copyToString(request.stream(), body);
    const auto text =
        request.getMethod() + " " + request.getURI() + " " + request.get("Host", "-") + " " + body;
    response.sendBuffer(text.data(), text.size());
}

/// A door that handlers wait at until a test opens it.
class Gate {
public:
    void open() {
        const std::lock_guard lock(_mutex);
        _open = true;
        _changed.notify_all();
    }
    void pass() {
        std::unique_lock lock(_mutex);
        ++_waiting;
        _changed.wait(lock, [this] { return _open; });
    }
    /// Throws if not so many come.
    void awaitVisitors(int count) {
        if (!eventually([&] { return visitors() >= count; }))
            throw std::runtime_error("only " + std::to_string(visitors()) + " of " + std::to_string(count) +
                                     " came to the gate");
    }

private:
    int visitors() {
        const std::lock_guard lock(_mutex);
        return _waiting;
    }

    std::mutex _mutex;
    std::condition_variable _changed;
    int _waiting = 0;
    bool _open = false;
};

/// Two loops, whatever the machine has.
inline ServerLimits testLimits() {
    ServerLimits limits;
    limits.threads = 2;
    return limits;
}

/// A server on a free port of the loopback whose handlers are functions.
class TestServer {
public:
    explicit TestServer(Handle handle = echo, const ServerLimits& limits = testLimits())
        : TestServer([handle = std::move(handle)](const Request&) { return new FunctionHandler(handle); },
                     ServerParams::Ptr(new ServerParams(limits))) {}

    TestServer(FunctionFactory::Create create, const ServerParams::Ptr& params,
               const Poco::Net::ServerSocket& socket = listenOn({"127.0.0.1", 0}))
        : _server(new FunctionFactory([this, create = std::move(create)](const Request& request) {
                      ++_requests;
                      return create(request);
                  }),
                  socket, params) {
        _server.start();
    }

    static FunctionFactory::Create blocking(Handle handle) {
        return [handle = std::move(handle)](const Request&) { return new BlockingFunctionHandler(handle); };
    }

    RawClient connect() const { return RawClient::plain(_server.port()); }
    HTTPServer& server() { return _server; }
    Poco::UInt16 port() const { return _server.port(); }
    /// How many requests reached the factory.
    int requests() const { return _requests; }

private:
    std::atomic<int> _requests{0};
    HTTPServer _server;
};

/// Counts what reaches POCO's error handler while it lives.
class ErrorCount : public Poco::ErrorHandler {
public:
    ErrorCount() : _before(Poco::ErrorHandler::set(this)) {}
    ~ErrorCount() override { Poco::ErrorHandler::set(_before); }
    void exception(const Poco::Exception&) override { ++poco; }
    void exception(const std::exception&) override { ++standard; }
    void exception() override { ++other; }

    std::atomic<int> poco{0};
    std::atomic<int> standard{0};
    std::atomic<int> other{0};

private:
    Poco::ErrorHandler* _before;
};

}  // namespace changebank::http::test
