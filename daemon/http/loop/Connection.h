#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/ConnectionLimiter.h"
#include "changebank/daemon/http/loop/DeadlineQueue.h"
#include "changebank/daemon/http/loop/Exchange.h"
#include "changebank/daemon/http/socket/Endpoints.h"
#include "changebank/daemon/http/socket/Transport.h"

namespace changebank::http {

class EventLoop;

/// One client's connection as a state machine (ConnectionState). Lives on its event loop's thread, except
/// that a blocking handler has the exchange to itself while the state is Handling. An idle connection holds
/// no buffer.
///
/// Input is read only while no answer waits to be sent and no handler works, so that a client which does not
/// read or pipelines without end costs a bounded amount of memory.
class Connection : public DeadlineQueue::Entry {
public:
    /// The loop must outlive the connection.
    Connection(EventLoop& loop, Transport transport, std::shared_ptr<const Endpoints> endpoints,
               ConnectionLimiter::Slot slot);
    ~Connection();

    // Events. Each may close the connection; the loop then destroys it.

    /// The socket became readable or writable, or the peer went away; `events` is the mask of epoll.
    void onEvents(std::uint32_t events);
    /// Continues after yield().
    void onResume();
    /// The deferred request may be resolved now.
    void onResolve();
    /// The deadline of the current state has expired.
    void onDeadline();
    /// The blocking handler has finished.
    void onHandled(std::unique_ptr<Exchange> exchange);
    /// The server stops: an idle connection closes after drainGrace, any other after its response.
    void onDrain();

    /// Responds without having read a request, and closes.
    void reject(ServerResponse::HTTPStatus status);
    /// Closes immediately, without a response.
    void abort();

    /// Sends responses that were postponed.
    void sendPostponed(std::string_view responses);

    bool isClosed() const { return _end == End::Closed; }
    int descriptor() const { return _transport.descriptor(); }

    /// Index in the loop's list; for the loop only.
    std::size_t index = 0;

private:
    /// What has to happen before the next request can be served.
    enum class WaitsFor {
        Client,      ///< The client sends more, or takes what is sent.
        Resolution,  ///< The loop calls onResolve(); the exchange stays here.
        Handler      ///< A blocking handler, which has the exchange, calls onHandled().
    };
    /// How the connection ends. Never goes back.
    enum class End {
        Open,         ///< More requests may come.
        Linger,       ///< The last answer is queued or sent; then the client is to close first.
        Immediately,  ///< The same, but once it is sent nothing keeps the connection.
        Closed
    };

    void progress();
    bool handshake();
    void serve();
    void receive();
    void consumeInput();
    std::size_t consume(std::string_view bytes);
    bool canServe() const { return _end == End::Open && _waitsFor == WaitsFor::Client; }

    void begin();
    void sayContinue();
    void dispatch();
    void handle();
    void handOver();
    void respondWithError(ServerResponse::HTTPStatus status);
    void respond();
    bool mayStayOpen() const;
    bool endsWithResponse() const;

    bool mayPostpone() const;
    void postpone();
    bool flush();
    void send(std::string_view responses);
    std::size_t write(std::string_view bytes);
    void discard();
    void yield();
    void settle();
    ConnectionState nextState() const;
    void enter(ConnectionState state);
    void close();

    EventLoop& _loop;
    Transport _transport;
    std::shared_ptr<const Endpoints> _endpoints;
    ConnectionLimiter::Slot _slot;

    std::unique_ptr<Exchange> _exchange;  ///< From a request's first byte to its answer.
    Exchange* _atHandler = nullptr;       ///< The exchange while WaitsFor::Handler.
    std::string _input;                   ///< Received and not used yet.
    std::string _output;                  ///< Not yet taken by the socket, from _sent on.
    std::size_t _sent = 0;
    int _requests = 0;
    ConnectionState _state = ConnectionState::ReadingHead;
    WaitsFor _waitsFor = WaitsFor::Client;
    End _end = End::Open;
    bool _readable = true;     ///< The socket may have more than was read.
    bool _peerEnded = false;   ///< The peer's end of stream stands behind the bytes in the socket.
    bool _inputReady = false;  ///< _input holds what was not looked at yet.
    bool _responded = false;   ///< Since the state was entered, so that the same state is a new phase.
    bool _postponed = false;   ///< The loop's OutputBuffer has responses of this connection.
    bool _hasYielded = false;  ///< The loop will call onResume(); events may come first.
};

}  // namespace changebank::http
