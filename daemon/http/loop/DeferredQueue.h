#pragma once

#include <array>
#include <cstddef>
#include <deque>

namespace changebank::http {

class Connection;

/// Connections whose requests are deferred, first in, first out, in two queues that take turns, so that
/// requests of known callers (DeferredRequestHandler::isPreferred()) do not wait behind a flood of the
/// others, nor these behind a flood of those.
class DeferredQueue {
public:
    void push(Connection& connection, bool isPreferred) {
        _queues[isPreferred ? 1 : 0].push_back(&connection);
    }

    /// The next one; there must be one.
    Connection& pop() {
        _turn = 1 - _turn;
        auto& queue = _queues[_queues[_turn].empty() ? 1 - _turn : _turn];
        auto& connection = *queue.front();
        queue.pop_front();
        return connection;
    }

    void erase(const Connection* connection) {
        for (auto& queue : _queues)
            std::erase(queue, connection);
    }

    std::size_t size() const noexcept { return _queues[0].size() + _queues[1].size(); }
    bool empty() const noexcept { return size() == 0; }

private:
    std::array<std::deque<Connection*>, 2> _queues;
    /// Whose turn it was.
    std::size_t _turn = 0;
};

}  // namespace changebank::http
