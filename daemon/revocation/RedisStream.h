#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "changebank/daemon/revocation/RedisConnection.h"
#include "changebank/daemon/revocation/StreamId.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// The commands for a Redis stream of revocations, on one connection: each entry has the field `r` with the
/// revocation's JSON. All return what RedisConnection says if that fails, and the connection is closed then.
/// Not thread-safe.
class RedisStream {
public:
    struct Entry {
        StreamId id;
        /// std::nullopt: the entry holds none.
        std::optional<security::Revocation> revocation{};

        friend bool operator==(const Entry&, const Entry&) = default;
    };

    struct Batch {
        std::vector<Entry> entries;
        /// False: the entry after which was read is gone, so the entries do not follow it. True for 0-0.
        bool isContinuous = true;
    };

    using Deadline = RedisConnection::Deadline;
    using Failure = RedisConnection::Failure;

    /// No more are read at once.
    static constexpr std::size_t maxEntries = 1000;

    RedisStream(RedisConnection::Options options, std::string key, const std::stop_token& stopping);

    std::optional<Failure> open(Deadline deadline);
    bool isOpen() const noexcept { return _connection.isOpen(); }

    /// The first entries after `last`, and whether that is still in the stream after they were read; waits
    /// for one for as long as `block`, which is not at all if that is zero.
    std::variant<Batch, Failure> readAfter(const Entry& last, std::chrono::milliseconds block,
                                           Deadline deadline);

    /// Adds entries, at least one. Cuts off those with an id before `oldest`, or keeps some of them. Returns
    /// the id of the last.
    std::variant<StreamId, Failure> add(const std::vector<security::Revocation>& revocations, StreamId oldest,
                                        Deadline deadline);

private:
    /// Closes the connection: it may lead to a server that has become the wrong one.
    Failure failed(const Failure& failure);

    const std::string _key;
    RedisConnection _connection;
};

}  // namespace changebank::daemon
