#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::http {

class Connection;

/// Responses of an event loop's connections in one buffer. A connection that has nothing else to do postpones
/// its responses, and the loop sends those of many connections together: the clients wake once for many
/// responses, which takes less processor time per request (measure `tests/bench/run --only=hot` with
/// maxPostponed 32 and 1). For the loop's thread.
class OutputBuffer {
public:
    /// Flush after this many connections, to bound the first one's latency.
    static constexpr std::size_t maxPostponed = 32;
    /// Flush, and free the memory, beyond this many bytes.
    static constexpr std::size_t maxBytes = std::size_t{1024} * 1024;

    /// Postponed responses of one connection.
    struct Postponed {
        Connection* connection;
        std::size_t begin;
        std::size_t end;
    };

    /// Where the current connection appends its responses.
    std::string& buffer() { return _text; }
    /// What the current connection has appended.
    std::string_view fresh() const { return std::string_view(_text).substr(_postponedEnd); }
    void dropFresh() { _text.resize(_postponedEnd); }

    /// Keeps what is fresh for this connection, which must live until dropPostponed().
    void postpone(Connection& connection);
    bool isFull() const { return _postponed.size() >= maxPostponed || _text.size() > maxBytes; }

    /// In the order of postpone().
    std::span<const Postponed> postponed() const { return _postponed; }
    std::string_view bytesOf(const Postponed& responses) const;
    /// Removes all postponed responses; what is fresh stays.
    void dropPostponed();

    /// Frees the memory of a large buffer. Call it only when nothing is fresh or postponed.
    void shrink();

private:
    std::string _text;
    std::size_t _postponedEnd = 0;
    std::vector<Postponed> _postponed;
};

}  // namespace changebank::http
