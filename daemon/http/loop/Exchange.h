#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <memory>

#include "changebank/daemon/http/loop/ServerContext.h"
#include "changebank/daemon/http/message/RequestParser.h"
#include "changebank/daemon/http/message/ServerRequest.h"
#include "changebank/daemon/http/message/ServerResponse.h"

namespace changebank::http {

class Connection;

/// One request and its response, reused for further requests. Belongs to one thread at a time: the event
/// loop, or a thread of the pool while a blocking handler runs.
class Exchange {
public:
    /// Both must outlive the exchange. The limits may change between calls.
    Exchange(ServerContext& server, const ServerLimits& limits);

    /// Calls the factory. Reports an exception to Poco::ErrorHandler and makes the response a 500; without a
    /// handler the response is a 501.
    void createHandler();

    /// True if the handler must be resolved by resolveHandler() (DeferredRequestHandler).
    bool isDeferred() const;
    /// Replaces the deferred handler by the one that it resolves to. Exceptions are treated like the
    /// factory's.
    void resolveHandler();

    /// Whether there is a handler that must not run on an event loop (BlockingRequestHandler).
    bool mayBlock() const;

    /// Runs the handler, if there is one, and destroys it. Exceptions are treated like the factory's.
    void handle() noexcept;

    /// Destroys the handler without running it.
    void dropHandler() { _handler.reset(); }

    /// Replaces the response by one of the server's own; the connection closes after it.
    void setError(ServerResponse::HTTPStatus status) noexcept { response.replaceBy(status); }

    /// Lets the factory complete the server's own response (ErrorResponder).
    void completeError() noexcept;

    /// An estimate of its memory in bytes.
    std::size_t memory() const;

    RequestParser parser;
    ServerResponse response;
    ServerRequest request;
    Clock::Monotonic begun{};
    bool saidContinue = false;
    /// The connection that waits for the response; null if it is closed. For the event loop only.
    Connection* connection = nullptr;
    /// The next in the inbox's list.
    std::unique_ptr<Exchange> next;

private:
    template <typename Call>
    void guarded(Call call) noexcept;

    ServerContext& _server;
    std::unique_ptr<Poco::Net::HTTPRequestHandler> _handler;
};

}  // namespace changebank::http
