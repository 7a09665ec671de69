#include "changebank/daemon/http/loop/ConnectionContext.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "changebank/daemon/http/loop/Connection.h"

namespace changebank::http {

namespace {

constexpr std::size_t inputBufferSize = std::size_t{64} * 1024;
/// Limits of the pool of exchanges; larger ones are freed.
constexpr std::size_t maxPooledMemory = std::size_t{64} * 1024;
constexpr std::size_t maxPooledExchanges = 64;

}  // namespace

ConnectionContext::ConnectionContext(ServerContext& context)
    : server(context),
      limits(context.limits.current()),
      deadlines(limits),
      now(context.clock.monotonic()),
      input(inputBufferSize) {
    spareExchanges.reserve(maxPooledExchanges);
}

ConnectionContext::~ConnectionContext() = default;

void ConnectionContext::postpone(Connection& connection) {
    output.postpone(connection);
    if (output.isFull()) sendPostponed();
}

void ConnectionContext::sendPostponed() {
    for (const auto& responses : output.postponed())
        responses.connection->sendPostponed(output.bytesOf(responses));
    output.dropPostponed();
}

std::uint64_t ConnectionContext::suspend(Connection& connection) {
    suspended.emplace(++lastSuspension, &connection);
    return lastSuspension;
}

void ConnectionContext::destroy(Connection& connection) noexcept {
    closed.push_back(&connection);
    open.subtract(1);
}

void ConnectionContext::reserve(std::size_t connections) {
    if (connections > closed.capacity()) closed.reserve(std::max(connections, 2 * closed.capacity()));
}

std::unique_ptr<Exchange> ConnectionContext::takeExchange() {
    if (spareExchanges.empty()) return std::make_unique<Exchange>(server, limits);
    auto exchange = std::move(spareExchanges.back());
    spareExchanges.pop_back();
    return exchange;
}

void ConnectionContext::recycle(std::unique_ptr<Exchange> exchange) noexcept {
    exchange->share = {};
    const bool large = exchange->memory() > maxPooledMemory;
    if (!large && spareExchanges.size() < maxPooledExchanges) spareExchanges.push_back(std::move(exchange));
}

}  // namespace changebank::http
