#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/daemon/http/loop/ServerContext.h"
#include "changebank/daemon/http/message/RequestParser.h"
#include "changebank/daemon/http/message/ServerRequest.h"
#include "changebank/daemon/http/message/ServerResponse.h"

namespace changebank::http {

class Connection;

/// One request and its answer, from the first byte to the queued answer; then used again for another request.
/// Belongs to one thread at a time: the connection's event loop, or the pool's thread while a blocking
/// handler works.
class Exchange {
public:
    /// Both must outlive the exchange. The limits may change while no member runs.
    Exchange(ServerContext& server, const ServerLimits& limits);

    /// Asks the factory. Whatever it throws is reported to Poco::ErrorHandler and makes the answer a 500; no
    /// handler makes it a 501.
    void createHandler();

    /// True if the handler must be resolved by resolveHandler() (DeferredRequestHandler).
    bool isDeferred() const;
    /// Replaces the deferred handler by the one that it resolves to. Exceptions are treated like the
    /// factory's.
    void resolveHandler();

    /// Whether there is a handler that must not run on an event loop (BlockingRequestHandler).
    bool mayBlock() const;

    /// Runs the handler, if there is one, and destroys it. What it throws is treated like the factory's.
    void handle();

    /// Destroys the handler without running it.
    void dropHandler() { _handler.reset(); }

    /// Makes the answer one of the server's own, after which the connection is closed.
    void setError(ServerResponse::HTTPStatus status);

    RequestParser parser;
    ServerResponse response;
    ServerRequest request;
    Clock::Monotonic begun{};
    bool saidContinue = false;
    /// Who waits for the answer; null if it is gone. For the event loop alone.
    Connection* connection = nullptr;

private:
    template <typename Call>
    void guarded(Call call);

    ServerContext& _server;
    std::unique_ptr<Poco::Net::HTTPRequestHandler> _handler;
};

}  // namespace changebank::http
