#include "changebank/daemon/http/loop/Connection.h"

#include <Poco/ErrorHandler.h>
#include <Poco/Exception.h>
#include <sys/epoll.h>

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include "changebank/daemon/http/loop/ConnectionContext.h"
#include "changebank/daemon/http/loop/ForwardedClient.h"
#include "changebank/daemon/http/loop/ReportedErrors.h"
#include "changebank/daemon/http/message/ResponseWriter.h"
#include "changebank/daemon/http/message/StrictTransport.h"

namespace changebank::http {

using Status = ServerResponse::HTTPStatus;

namespace {

/// Reads of one connection before it yields to the others.
constexpr int maxReadsPerRun = 4;
/// Bytes of responses to pipelined requests that are collected before they are sent.
constexpr std::size_t maxOutputPerRun = std::size_t{32} * 1024;
/// Of an idle connection without TLS, with its endpoints and its entries in lists.
constexpr std::size_t connectionMemory = std::size_t{3} * 512;
/// Bytes that every socket buffer takes even if the client does not read.
constexpr std::size_t smallResponse = 1024;

/// A short text is inside the object.
std::size_t memoryOf(const std::string& text) {
    constexpr std::size_t inside = 15;
    return text.capacity() > inside ? text.capacity() : 0;
}

bool isProxy(const ServerLimits& limits, const Poco::Net::SocketAddress& client) {
    return limits.proxies && limits.proxies->proxies.contains(client);
}

bool beginsWithHeader(const ServerLimits& limits, const Poco::Net::SocketAddress& client) {
    return isProxy(limits, client) && limits.proxies->usesProxyProtocol;
}

}  // namespace

Connection::Connection(ConnectionContext& context, Transport transport,
                       std::shared_ptr<const Endpoints> endpoints, ConnectionLimiter::Slot slot)
    : _context(context),
      _transport(std::move(transport)),
      _endpoints(std::move(endpoints)),
      _slot(std::move(slot)),
      _fixedMemory(connectionMemory + _transport.memory()),
      _holder{this},
      _place(_holder.begin()),
      _awaitsProxyHeader(beginsWithHeader(context.limits, _endpoints->client)) {
    _context.server.memory.add(_fixedMemory);
    _context.counters.of(_state).add(1);
    _context.deadlines.of(_state)->arm(*this, _context.now);
}

Connection::~Connection() {
    if (!isClosed()) _context.counters.of(_state).subtract(1);
    if (_atHandler != nullptr) _atHandler->connection = nullptr;
    account(0);
    _context.server.memory.subtract(_fixedMemory);
}

template <typename Call>
void Connection::guarded(Call call) noexcept {
    if (reportingErrors(call)) return;
    _context.output.dropFresh();
    fail();
}

void Connection::fail() noexcept {
    if (isClosed()) return;
    _context.counters.failed.add(1);
    close();
}

void Connection::onEvents(std::uint32_t events) noexcept {
    _readable = true;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) _peerEnded = true;
    guarded([this] { progress(); });
}

void Connection::onResume() noexcept {
    _hasYielded = false;
    guarded([this] { progress(); });
}

void Connection::onResolve() noexcept {
    if (!isClosed()) guarded([this] { resolve(); });
}

/// Input behind the deferred request waits for the next iteration: it may be deferred as well, and clients
/// that pipeline without end would fill the queue as fast as it is served.
void Connection::resolve() {
    _waitsFor = WaitsFor::Client;
    _exchange->resolveHandler();
    if (_exchange->isDeferred()) {
        defer();
        return settle();
    }
    handle();
    if (mayPostpone()) postpone();
    if (_postponed) return settle();
    if (!flush() || !canServe()) return progress();
    if (_inputReady || _readable) yield();
    settle();
}

void Connection::onResumed() noexcept {
    guarded([this] { resume(); });
}

void Connection::resume() {
    _context.suspended.erase(_suspension);
    _waitsFor = WaitsFor::Resolution;
    _context.defer(*this, _exchange->isPreferred());
    settle();
}

void Connection::onDeadline() noexcept {
    if (_state == ConnectionState::Suspended) return onResumed();
    if (!isReadingRequest()) return abort();
    guarded([this] { refuseLateRequest(Status::HTTP_REQUEST_TIMEOUT); });
}

void Connection::onHandled(std::unique_ptr<Exchange> exchange) noexcept {
    _atHandler = nullptr;
    _heldByHandler = 0;
    _waitsFor = WaitsFor::Client;
    _exchange = std::move(exchange);
    guarded([this] {
        respond();
        progress();
    });
}

void Connection::onDrain() noexcept {
    if (_exchange == nullptr && canServe() && isAllSent() && _transport.isHandshaken())
        _context.deadlines.grace.arm(*this, _context.now);
}

/// An incomplete record of TLS stays in memory until the connection closes.
void Connection::onEviction() noexcept {
    if (_waitsFor == WaitsFor::Event) return guarded([this] { refuseSuspended(); });
    if (!isReadingRequest() || _transport.bufferMemory() != 0) return abort();
    guarded([this] { refuseLateRequest(Status::HTTP_SERVICE_UNAVAILABLE); });
}

/// Responds to a request that is incomplete.
void Connection::refuseLateRequest(Status status) {
    auto& parser = _exchange->parser;
    if (parser.stage() == RequestParser::Stage::Head) parser.salvageFields(_input, _exchange->request);
    respondWithError(status);
    _input = std::string();
    progress();
}

void Connection::refuseSuspended() {
    _context.suspended.erase(_suspension);
    _waitsFor = WaitsFor::Client;
    _exchange->dropHandler();
    _input = std::string();
    respondWithError(Status::HTTP_SERVICE_UNAVAILABLE);
    progress();
}

void Connection::reject(Status status) noexcept {
    guarded([&] {
        refuse(status);
        progress();
    });
}

void Connection::refuse(Status status) {
    _awaitsProxyHeader = false;
    begin();
    // A recycled request still has the fields of another client.
    _exchange->request.clear();
    respondWithError(status);
}

void Connection::abort() noexcept {
    if (_state == ConnectionState::Writing) _transport.abort();
    if (_state == ConnectionState::Idle) _transport.endWriting();
    close();
}

void Connection::progress() {
    if (isClosed() || (_awaitsProxyHeader && !takeProxyHeader()) || !handshake()) return;
    if (_postponed) _context.sendPostponed();
    if (flush()) serve();
    if (isClosed()) return;
    if (_end != End::Open && isAllSent()) {
        if (_end == End::Immediately && !_readable && _input.empty()) return close();
        if (_state != ConnectionState::Closing) _transport.endWriting();
        discard();
    }
    settle();
}

/// Returns whether it is complete and the connection goes on. Meanwhile it stays in the socket, where the
/// rest causes the next edge.
bool Connection::takeProxyHeader() {
    // The proxy may be trusted no longer: then its header is a malformed request.
    if (!beginsWithHeader(_context.limits, _endpoints->client)) {
        _awaitsProxyHeader = false;
        return true;
    }
    const auto buffer = std::span(_context.input).first(ProxyHeader::maxSize);
    const auto seen = _transport.peek(buffer);
    if (seen.status == Transport::Status::Blocked) return false;
    const auto parsed = seen.status == Transport::Status::Done
                            ? ProxyHeader::parse({buffer.data(), seen.bytes})
                            : ProxyHeader::Malformed{};
    if (const auto* header = std::get_if<ProxyHeader>(&parsed)) return adopt(*header);
    if (seen.bytes > 0 && std::holds_alternative<ProxyHeader::Malformed>(parsed)) missProxyHeader();
    if (_peerEnded || std::holds_alternative<ProxyHeader::Malformed>(parsed)) close();
    return false;
}

bool Connection::adopt(const ProxyHeader& header) {
    _awaitsProxyHeader = false;
    _transport.take(std::span(_context.input).first(header.size));
    _context.counters.bytesReceived.add(header.size);
    _hidesClient = !header.client && !header.isLocal;
    if (!header.client) return true;
    auto endpoints = std::make_shared<Endpoints>(*_endpoints);
    endpoints->client = *header.client;
    _endpoints = std::move(endpoints);
    return isProxy(_context.limits, _endpoints->client) || admitConnection();
}

void Connection::missProxyHeader() {
    _context.counters.withoutProxyHeader.add(1);
    if (const auto& observer = _context.server.observer) observer->missedProxyHeader(_endpoints->client);
}

/// Beyond the client's limit the connection ends as if it had been rejected without a proxy.
bool Connection::admitConnection() {
    auto& server = _context.server;
    if (auto share = server.connections.admitConnection(_endpoints->client)) {
        _slot.countFor(std::move(*share));
        return true;
    }
    _context.counters.rejected.add(1);
    auto rejection = _transport.isSecure() ? std::nullopt : server.rejections.admitProxy();
    if (!rejection) {
        close();
        return false;
    }
    _slot = std::move(*rejection);
    refuse(Status::HTTP_SERVICE_UNAVAILABLE);
    return true;
}

bool Connection::handshake() {
    if (_transport.isHandshaken()) return true;
    const auto result = _transport.handshake();
    if (result.status == Transport::Status::Done) {
        noteClientCertificate();
        // The deadline for the head was that of the handshake, too.
        if (_context.isDraining()) onDrain();
        return true;
    }
    if (result.status == Transport::Status::Plaintext) {
        refusePlaintext();
        return true;
    }
    if (result.status == Transport::Status::Paused) yield();
    if (result.status == Transport::Status::Ended || result.status == Transport::Status::Failed) close();
    settle();
    return false;
}

void Connection::noteClientCertificate() {
    const auto thumbprint = _transport.clientCertificateThumbprint();
    if (thumbprint.empty()) return;
    auto endpoints = std::make_shared<Endpoints>(*_endpoints);
    endpoints->clientCertificateThumbprint = thumbprint;
    _endpoints = std::move(endpoints);
    recountFixedMemory();
}

void Connection::recountFixedMemory() {
    const auto fixed = connectionMemory + _transport.memory();
    auto& memory = _context.server.memory;
    fixed > _fixedMemory ? memory.add(fixed - _fixedMemory) : memory.subtract(_fixedMemory - fixed);
    _fixedMemory = fixed;
}

/// The request may hold a token, so nothing of it is read, and no redirect has the client repeat it.
void Connection::refusePlaintext() {
    constexpr std::string_view body = R"({"error":"This port speaks HTTPS: use https://"})";
    _transport.becomePlain();
    recountFixedMemory();
    begin();
    // A recycled request still has the fields of another client.
    _exchange->request.clear();
    auto& response = _exchange->response;
    response.setStatus(Status::HTTP_BAD_REQUEST);
    response.setKeepAlive(false);
    response.setContentType("application/json; charset=utf-8");
    response.sendBuffer(body.data(), body.size());
    respond();
}

/// Reads and responds until there is nothing to do; yields to other connections after some reads.
void Connection::serve() {
    for (int reads = 0; canServe() && (_inputReady || _readable); ++reads) {
        if (reads == maxReadsPerRun) return yield();
        if (_inputReady) {
            consumeInput();
        } else if (!receive()) {
            return;
        }
        if (mayPostpone()) return postpone();
        if (!flush()) return;
    }
}

/// Whether the responses may wait for those of other connections: this one only waits for its client.
bool Connection::mayPostpone() const {
    return !_readable && !_inputReady && canServe() && isAllSent();
}

void Connection::postpone() {
    if (_context.output.fresh().empty()) return;
    _postponed = true;
    _context.postpone(*this);
}

/// Returns false if the connection cannot go on in this run.
bool Connection::receive() {
    const std::span<char> buffer = _context.input;
    const auto result = _transport.read(buffer);
    switch (result.status) {
        case Transport::Status::Done:
            break;
        case Transport::Status::Blocked:
            _readable = false;
            return true;
        case Transport::Status::Paused:
            yield();
            return false;
        case Transport::Status::Ended:
        case Transport::Status::Failed:
        case Transport::Status::Plaintext:
            close();
            return false;
    }
    _context.counters.bytesReceived.add(result.bytes);
    // A short read has emptied a plain socket, unless the peer has ended its side.
    if (result.bytes < buffer.size() && !_transport.isSecure() && !_peerEnded) _readable = false;

    const std::string_view bytes(buffer.data(), result.bytes);
    if (_input.empty()) {
        const auto used = consume(bytes);
        _input.assign(bytes.substr(used));
    } else {
        _input.append(bytes);
        consumeInput();
    }
    return true;
}

void Connection::consumeInput() {
    const auto used = consume(_input);
    _input.erase(0, used);
    if (_input.empty()) _input = std::string();
}

/// Parses requests and responds; returns how many bytes were used. Sets _inputReady if the rest can be parsed
/// without more input.
std::size_t Connection::consume(std::string_view bytes) {
    std::size_t used = 0;
    _inputReady = false;
    while (used < bytes.size()) {
        if (!canServe() || _sharedBody || _context.output.fresh().size() > maxOutputPerRun) {
            _inputReady = true;
            break;
        }
        if (!_exchange) begin();
        used += _exchange->parser.feed(bytes.substr(used), _exchange->request);
        switch (_exchange->parser.stage()) {
            case RequestParser::Stage::Head:
                return used;
            case RequestParser::Stage::Body:
                if (!admitClient()) break;
                sayContinue();
                return used;
            case RequestParser::Stage::Complete:
                if (admitClient()) dispatch();
                break;
            case RequestParser::Stage::ParseError:
                if (_exchange->parser.hasHead()) nameClient();
                respondWithError(_exchange->parser.parseError());
                break;
        }
    }
    return used;
}

void Connection::begin() {
    _exchange = _context.takeExchange();
    _exchange->parser.reset();
    _exchange->response.reset();
    _exchange->request.reset(_endpoints, _transport.isSecure(), _context.requestIds, _context.limits.tracing);
    _exchange->saidContinue = false;
    _exchange->isClientKnown = false;
    _exchange->connection = this;
    _exchange->begun = _context.now;
    // The head deadline of a new connection counts from its acceptance, unless the server is stopping.
    if (_context.isDraining()) _responded = true;
}

/// Returns false if the request is refused, since its client has too many.
bool Connection::admitClient() {
    return !_context.limits.proxies || admitNamedClient();
}

bool Connection::admitNamedClient() {
    if (!nameClient()) return true;
    auto share = _context.server.connections.admitRequest(_exchange->request.clientAddress());
    if (!share) {
        respondWithError(Status::HTTP_SERVICE_UNAVAILABLE);
        return false;
    }
    _exchange->share = std::move(*share);
    return true;
}

/// Returns whether a trusted proxy has named the request's client, the first time that it is called for it.
/// A proxy that does not know its client hands on a field as that client sent it.
bool Connection::nameClient() {
    const auto& trust = _context.limits.proxies;
    if (!trust || _hidesClient || std::exchange(_exchange->isClientKnown, true)) return false;
    const auto client = forwardedClient(*trust, _endpoints->client, _exchange->request);
    if (client) _exchange->request.setClient(*client);
    return client.has_value();
}

void Connection::sayContinue() {
    auto& exchange = *_exchange;
    if (!exchange.parser.expectsContinue() || exchange.saidContinue || !exchange.request.body().empty())
        return;
    exchange.saidContinue = true;
    _context.output.buffer().append("HTTP/1.1 100 Continue\r\n\r\n");
}

void Connection::dispatch() {
    auto& exchange = *_exchange;
    ++_requests;
    if (!mayStayOpen()) exchange.response.setKeepAlive(false);
    exchange.createHandler();
    exchange.isDeferred() ? defer() : handle();
}

/// Resolves the handler later, after its event if it waits for one.
void Connection::defer() {
    if (_exchange->isSuspended() && suspend()) return;
    _waitsFor = WaitsFor::Resolution;
    _context.defer(*this, _exchange->isPreferred());
}

bool Connection::suspend() {
    _suspension = _context.suspend(*this);
    if (_exchange->suspend([&inbox = _context.inbox, id = _suspension] { inbox.resume(id); })) {
        _waitsFor = WaitsFor::Event;
        return true;
    }
    _context.suspended.erase(_suspension);
    return false;
}

void Connection::handle() {
    if (const auto capacity = _exchange->blockingCapacity())
        return handOver(_context.server.workersOf(*capacity));
    _exchange->handle();
    respond();
}

void Connection::handOver(BlockingWorkers& workers) {
    Exchange* exchange = _exchange.get();
    Inbox& inbox = _context.inbox;
    const bool isReserved = &workers == &_context.server.reservedWorkers;
    const bool mayWait = isReserved || !_context.server.memory.isExceeded();
    const auto memory = exchange->memory();
    const bool taken = mayWait && workers.submit([exchange, &inbox]() noexcept {
        exchange->handle();
        inbox.complete(std::unique_ptr<Exchange>(exchange));
    });
    if (taken) {
        _atHandler = _exchange.release();
        _heldByHandler = memory;
        _waitsFor = WaitsFor::Handler;
        return;
    }
    _exchange->dropHandler();
    _exchange->setError(Status::HTTP_SERVICE_UNAVAILABLE);
    respond();
}

void Connection::respondWithError(Status status) {
    _exchange->setError(status);
    respond();
}

bool Connection::mayStayOpen() const {
    const auto& params = *_context.server.params;
    const int max = params.getMaxKeepAliveRequests();
    return _exchange->parser.keepAlive() && params.getKeepAlive() && (max <= 0 || _requests < max) &&
           !_context.isLameDuck();
}

/// Whether the connection can be closed right after this response. Closing a socket with unread bytes, or
/// receiving some later, resets the connection, and the client loses what it has not read (RFC 9112 section
/// 9.6). So this requires a single request with Connection: close, without a body (after which old clients
/// send an extra CRLF, section 2.2) and with a response that fits into the socket buffer. With TLS the client
/// still sends a close_notify.
bool Connection::endsWithResponse() const {
    const auto& exchange = *_exchange;
    return _requests == 1 && exchange.parser.saysClose() && exchange.request.body().empty() &&
           exchange.parser.stage() == RequestParser::Stage::Complete && !_transport.isSecure() &&
           !_sharedBody && _context.output.fresh().size() <= smallResponse;
}

/// Queues the response and recycles the exchange.
void Connection::respond() {
    auto& exchange = *_exchange;
    auto& out = _context.output.buffer();
    const auto start = out.size();
    const auto& server = _context.server;
    if (exchange.response.isServersOwn()) exchange.completeError();

    ResponseFrame frame;
    frame.date = _context.date();
    frame.server = server.params->getSoftwareVersion();
    frame.requestId = exchange.request.id();
    frame.hstsMaxAge = hstsMaxAge();
    frame.keepAlive = mayStayOpen() && exchange.response.getKeepAlive() && !exchange.response.isServersOwn();
    frame.toHttp10 = exchange.parser.isHttp10();
    frame.toHead = exchange.request.getMethod() == Poco::Net::HTTPRequest::HTTP_HEAD;
    if (!writeResponse(out, exchange.response, frame)) {
        Poco::ErrorHandler::handle(Poco::InvalidArgumentException(
            "cannot send a response: its status or a header field is invalid"));
        exchange.setError(Status::HTTP_INTERNAL_SERVER_ERROR);
        exchange.completeError();
        frame.keepAlive = false;
        writeResponse(out, exchange.response, frame);
    }
    if (auto body = exchange.response.takeSharedBody(); body && !isBodiless(exchange.response, frame))
        _sharedBody = std::move(body);
    if (!frame.keepAlive) _end = endsWithResponse() ? End::Immediately : End::Linger;
    _responded = true;
    _context.counters.requests.add(1);
    if (server.observer) report(out.size() - start + (_sharedBody ? _sharedBody->size() : 0));
    _context.recycle(std::move(_exchange));
}

/// A request whose Host could not be read is for the host of the handshake.
std::chrono::seconds Connection::hstsMaxAge() const {
    static const std::string none;
    const auto maxAge = _context.limits.hstsMaxAge;
    if (!_transport.isSecure() || maxAge.count() == 0) return {};
    const std::string_view named = _exchange->request.get("Host", none);
    return isLoopbackAuthority(named.empty() ? _transport.serverName() : named) ? std::chrono::seconds{0}
                                                                                : maxAge;
}

/// Tells the observer about the response, and about a handler that held the loop. A handler takes no longer
/// than its request, so a quick one costs one comparison.
void Connection::report(std::uint64_t bytes) {
    const auto& request = _exchange->request;
    auto& observer = *_context.server.observer;
    const auto now = _context.server.clock.monotonic();
    const auto duration = now - _exchange->begun;
    auto* trace = _exchange->request.trace();
    if (trace != nullptr) {
        trace->begun = _exchange->begun;
        trace->ended = now;
    }
    observer.answered({request.loggedMethod(), request.loggedPath(),
                       static_cast<int>(_exchange->response.getStatus()), bytes,
                       std::chrono::duration_cast<std::chrono::microseconds>(duration), request.id(),
                       request.clientAddress(), request.route(), request.subject(), request.denial(),
                       request.traceId(), request.spanId(), trace});
    if (duration >= AccessObserver::longHold) {
        const auto held = now - std::max(_context.now, _context.lastResponse);
        if (held >= AccessObserver::longHold)
            observer.heldLoop(request.route(), std::chrono::duration_cast<std::chrono::milliseconds>(held));
    }
    _context.lastResponse = now;
}

/// Sends the waiting output, then the fresh one. Returns whether nothing is left.
bool Connection::flush() {
    auto& output = _context.output;
    if (_output.empty()) {
        send(output.fresh());
    } else {
        _output.append(output.fresh());
        _sent += write(std::string_view(_output).substr(_sent));
        if (_sent == _output.size()) {
            _output = std::string();
            _sent = 0;
        }
    }
    output.dropFresh();
    if (!isClosed() && _output.empty() && _sharedBody) sendSharedBody();
    return !isClosed() && isAllSent();
}

void Connection::sendSharedBody() {
    _bodySent += write(std::string_view(*_sharedBody).substr(_bodySent));
    if (isClosed() || _bodySent != _sharedBody->size()) return;
    _sharedBody.reset();
    _bodySent = 0;
}

void Connection::sendPostponed(std::string_view responses) noexcept {
    _postponed = false;
    if (isClosed()) return;
    // What is fresh may be of another connection, which caused this call.
    if (!reportingErrors([&] {
            send(responses);
            settle();
        }))
        fail();
}

/// Writes to the socket and keeps the rest.
void Connection::send(std::string_view responses) {
    responses.remove_prefix(write(responses));
    if (!isClosed()) _output.assign(responses);
}

/// Returns how many bytes were written. Closes the connection on an error.
std::size_t Connection::write(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto result = _transport.write(bytes.substr(written));
        if (result.status == Transport::Status::Blocked) break;
        if (result.status != Transport::Status::Done) {
            close();
            break;
        }
        written += result.bytes;
    }
    _context.counters.bytesSent.add(written);
    return written;
}

/// RFC 9112 section 9.6: closing a socket with unread bytes would reset the connection, and the client would
/// lose the response.
void Connection::discard() {
    for (int reads = 0; _readable; ++reads) {
        if (reads == maxReadsPerRun) return yield();
        const auto result = _transport.read(_context.input);
        if (result.status == Transport::Status::Paused) return yield();
        if (result.status == Transport::Status::Blocked) {
            _readable = false;
        } else if (result.status != Transport::Status::Done) {
            return close();
        }
    }
}

/// At most one entry in the loop's queue, however many events come meanwhile.
void Connection::yield() {
    if (std::exchange(_hasYielded, true)) return;
    _context.yield(*this);
}

void Connection::settle() {
    if (isClosed()) return;
    enter(nextState());
    account(heldMemory());
}

/// Beyond that of an idle connection.
std::size_t Connection::heldMemory() const {
    return _transport.bufferMemory() + memoryOf(_input) + memoryOf(_output) + _heldByHandler +
           (_exchange ? _exchange->memory() : 0);
}

void Connection::account(std::size_t held) {
    const bool isEvictable = held != 0 && (_waitsFor == WaitsFor::Client || _waitsFor == WaitsFor::Event);
    if (isEvictable == !_holder.empty()) {
        auto& holders = _context.holders;
        isEvictable ? holders.splice(holders.end(), _holder, _place)
                    : _holder.splice(_holder.end(), holders, _place);
    }
    if (held == _held) return;
    auto& memory = _context.server.memory;
    held > _held ? memory.add(held - _held) : memory.subtract(_held - held);
    _held = held;
}

/// The first condition that holds decides.
ConnectionState Connection::nextState() const {
    if (!isAllSent()) return ConnectionState::Writing;
    if (_waitsFor == WaitsFor::Event) return ConnectionState::Suspended;
    if (_waitsFor != WaitsFor::Client) return ConnectionState::Handling;
    if (_end != End::Open) return ConnectionState::Closing;
    if (!_exchange) return _requests == 0 ? ConnectionState::ReadingHead : ConnectionState::Idle;
    if (_exchange->parser.stage() == RequestParser::Stage::Body) return ConnectionState::ReadingBody;
    return ConnectionState::ReadingHead;
}

void Connection::enter(ConnectionState state) {
    if (state == _state && !_responded) return;
    _responded = false;
    if (state != _state) {
        _context.counters.of(_state).subtract(1);
        _context.counters.of(state).add(1);
        _state = state;
    }
    auto& deadlines = _context.deadlines;
    const bool isUnwanted = state == ConnectionState::Idle && _context.isDraining();
    if (auto* queue = isUnwanted ? &deadlines.grace : deadlines.of(state); queue != nullptr) {
        queue->arm(*this, _context.now);
    } else if (state == ConnectionState::Suspended) {
        deadlines.suspended.armUntil(*this, _context.now + _exchange->maxWait());
    } else {
        disarm();
    }
}

void Connection::close() noexcept {
    if (isClosed()) return;
    _end = End::Closed;
    disarm();
    _context.counters.of(_state).subtract(1);
    if (_waitsFor == WaitsFor::Event) _context.suspended.erase(_suspension);
    if (_exchange) {
        _exchange->dropHandler();
        _context.recycle(std::move(_exchange));
    }
    if (_atHandler != nullptr) std::exchange(_atHandler, nullptr)->connection = nullptr;
    _heldByHandler = 0;
    _input = std::string();
    _output = std::string();
    _sharedBody.reset();
    _transport.close();
    account(0);
    _context.server.memory.subtract(std::exchange(_fixedMemory, 0));
    _context.destroy(*this);
}

}  // namespace changebank::http
