#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "changebank/daemon/http/loop/ConnectionCounters.h"
#include "changebank/daemon/http/loop/ConnectionLimiter.h"
#include "changebank/daemon/http/loop/DeadlineQueue.h"
#include "changebank/daemon/http/loop/Exchange.h"
#include "changebank/daemon/http/loop/ProxyTrust.h"
#include "changebank/daemon/http/socket/Endpoints.h"
#include "changebank/daemon/http/socket/ProxyHeader.h"
#include "changebank/daemon/http/socket/Transport.h"

namespace changebank::http {

struct ConnectionContext;

/// A client's connection, as a state machine (ConnectionState). For its event loop's thread; while a blocking
/// handler runs, the exchange belongs to the handler. An idle connection holds no buffer.
///
/// Input is read only while no response waits to be sent and no handler runs. So the memory of a client that
/// does not read, or pipelines without end, is bounded. What it holds is counted in ServerContext::memory.
///
/// An exception on the way to a response, such as std::bad_alloc, closes this connection and no other.
class Connection : public DeadlineQueue::Entry {
public:
    /// The context must outlive the connection.
    Connection(ConnectionContext& context, Transport transport, std::shared_ptr<const Endpoints> endpoints,
               ConnectionLimiter::Slot slot);
    ~Connection();

    // Events. Each may close the connection; the loop then destroys it.

    /// The socket became readable or writable, or the peer went away; `events` is the mask of epoll.
    void onEvents(std::uint32_t events) noexcept;
    /// Continues after yield().
    void onResume() noexcept;
    /// The deferred request may be resolved now.
    void onResolve() noexcept;
    /// The event for which the suspended request waits has come.
    void onResumed() noexcept;
    /// The deadline of the current state has expired.
    void onDeadline() noexcept;
    /// The blocking handler has finished.
    void onHandled(std::unique_ptr<Exchange> exchange) noexcept;
    /// The server stops: an idle connection closes after drainGrace, any other after its response. One in a
    /// TLS handshake is not idle.
    void onDrain() noexcept;
    /// Its memory is needed: closes, after a 503 if the client is sending a request.
    void onEviction() noexcept;

    /// Responds without having read a request, and closes.
    void reject(ServerResponse::HTTPStatus status) noexcept;
    /// Closes immediately, without a response.
    void abort() noexcept;

    /// Sends responses that were postponed.
    void sendPostponed(std::string_view responses) noexcept;

    bool isClosed() const { return _end == End::Closed; }
    int descriptor() const { return _transport.descriptor(); }

    /// Index in the loop's list; for the loop only.
    std::size_t index = 0;

private:
    /// What has to happen before the next request can be served.
    enum class WaitsFor {
        Client,      ///< The client sends more, or takes what is sent.
        Resolution,  ///< The loop calls onResolve(); the exchange stays here.
        Event,       ///< The loop calls onResumed(); the exchange stays here.
        Handler      ///< A blocking handler, which has the exchange, calls onHandled().
    };
    /// How the connection ends. Never goes back.
    enum class End {
        Open,         ///< More requests may come.
        Linger,       ///< After the last response, which is queued or sent, the client closes first.
        Immediately,  ///< Closes as soon as the last response, which is queued, is sent.
        Closed
    };

    template <typename Call>
    void guarded(Call call) noexcept;
    void fail() noexcept;
    void progress();
    bool takeProxyHeader();
    bool adopt(const ProxyHeader& header);
    void missProxyHeader();
    bool admitConnection();
    bool handshake();
    void noteClientCertificate();
    void recountFixedMemory();
    void refusePlaintext();
    void serve();
    bool receive();
    void consumeInput();
    std::size_t consume(std::string_view bytes);
    bool canServe() const { return _end == End::Open && _waitsFor == WaitsFor::Client; }

    void resolve();
    void resume();
    void refuse(ServerResponse::HTTPStatus status);
    void refuseLateRequest(ServerResponse::HTTPStatus status);
    void refuseSuspended();
    bool isReadingRequest() const { return _exchange != nullptr && canServe() && isAllSent(); }

    void begin();
    bool admitClient();
    bool admitNamedClient();
    bool nameClient();
    void sayContinue();
    void dispatch();
    void defer();
    bool suspend();
    void handle();
    void handOver(BlockingWorkers& workers);
    void respondWithError(ServerResponse::HTTPStatus status);
    void respond();
    std::chrono::seconds hstsMaxAge() const;
    void report(std::uint64_t bytes);
    bool mayStayOpen() const;
    bool endsWithResponse() const;

    bool isAllSent() const { return _output.empty() && !_sharedBody; }
    bool mayPostpone() const;
    void postpone();
    bool flush();
    void send(std::string_view responses);
    void sendSharedBody();
    std::size_t write(std::string_view bytes);
    void discard();
    void yield();
    void settle();
    ConnectionState nextState() const;
    void enter(ConnectionState state);
    std::size_t heldMemory() const;
    void account(std::size_t held);
    void close() noexcept;

    ConnectionContext& _context;
    Transport _transport;
    std::shared_ptr<const Endpoints> _endpoints;
    ConnectionLimiter::Slot _slot;
    std::size_t _fixedMemory;  ///< Counted while this is open.

    std::unique_ptr<Exchange> _exchange;  ///< From a request's first byte to its response.
    Exchange* _atHandler = nullptr;       ///< The exchange while WaitsFor::Handler.
    std::string _input;                   ///< Received but not parsed.
    std::string _output;                  ///< Not yet written to the socket, from _sent on.
    std::size_t _sent = 0;
    std::shared_ptr<const std::string> _sharedBody;  ///< To be sent behind the output, from _bodySent on.
    std::size_t _bodySent = 0;
    std::size_t _held = 0;           ///< Counted memory, without that of an idle connection.
    std::size_t _heldByHandler = 0;  ///< Memory of _atHandler.
    std::list<Connection*> _holder;  ///< This, unless it is in the context's list of holders.
    const std::list<Connection*>::iterator _place;
    int _requests = 0;
    std::uint64_t _suspension = 0;  ///< The number of the last one in the context.
    ConnectionState _state = ConnectionState::ReadingHead;
    WaitsFor _waitsFor = WaitsFor::Client;
    End _end = End::Open;
    bool _awaitsProxyHeader;    ///< The PROXY header is incomplete; TLS and requests come behind it.
    bool _hidesClient = false;  ///< The PROXY header says that its client is not known.
    bool _readable = true;      ///< The socket may have more to read.
    bool _peerEnded = false;    ///< The peer has ended its side; the socket may still hold bytes.
    bool _inputReady = false;   ///< _input can be parsed further.
    bool _responded = false;    ///< Responded since the state was entered: the same state is a new phase.
    bool _postponed = false;    ///< The loop's OutputBuffer has responses of this connection.
    bool _hasYielded = false;   ///< The loop will call onResume(); events may come first.
};

}  // namespace changebank::http
