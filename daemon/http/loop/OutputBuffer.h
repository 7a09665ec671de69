#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::http {

class Connection;

/// The answers that the connections of one event loop make in one turn, in one buffer. A connection that has
/// nothing else to do leaves its answers here, and they go to the sockets together: clients that wait are
/// woken once for many answers, which costs the machine less than a wake for each: compare the processor time
/// of a request in `tests/bench/run --only=hot` with that of a build in which mostPostponed is 1. Used on the
/// loop's thread.
class TurnOutput {
public:
    /// So many connections wait for each other at most, so that the first answer is not late.
    static constexpr std::size_t mostPostponed = 32;
    /// A buffer larger than this many octets is sent at once, and not kept for the next turn.
    static constexpr std::size_t mostKept = std::size_t{1024} * 1024;

    /// Where the connection in hand appends its answers.
    std::string& buffer() { return _text; }
    /// What it has appended.
    std::string_view fresh() const { return std::string_view(_text).substr(_postponedEnd); }
    void dropFresh() { _text.resize(_postponedEnd); }

    /// Leaves what is fresh to be sent for this connection, by Connection::sendPostponed(), with send() at
    /// the latest. The connection must not be destroyed before.
    void postpone(Connection& connection);

    /// Sends what was postponed, in its order. What is fresh stays.
    void send();

    /// Gives the memory of a large buffer back. When nothing is fresh or postponed.
    void shrink();

private:
    struct Postponed {
        Connection* connection;
        std::size_t end;
    };

    std::string _text;
    std::size_t _postponedEnd = 0;
    std::vector<Postponed> _postponed;
};

}  // namespace changebank::http
