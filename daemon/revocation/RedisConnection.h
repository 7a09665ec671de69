#pragma once

#include <hiredis/hiredis.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/revocation/HostLookup.h"
#include "changebank/daemon/revocation/TlsClient.h"
#include "changebank/daemon/settings/values/RedisAddress.h"

namespace changebank::daemon {

/// One connection to a Redis or Valkey server. Writes commands and reads answers (RESP2) with hiredis, moves
/// the bytes itself: whatever the server does, each call returns at its deadline, and within milliseconds
/// after a stop is requested; and an answer takes a bounded amount of memory. Not thread-safe.
class RedisConnection {
public:
    struct Options {
        RedisAddress address;
        /// Of an ACL user; empty: the default user. An empty password: no AUTH.
        std::string user{};
        std::string password{};
        /// PEM file with the trusted authorities for rediss://; empty: the system's.
        std::string caFile{};
    };

    using Deadline = std::chrono::steady_clock::time_point;
    /// The name and its arguments, which may hold any bytes.
    using Command = std::vector<std::string>;

    struct FreeReply {
        void operator()(redisReply* reply) const noexcept { ::freeReplyObject(reply); }
    };
    using Reply = std::unique_ptr<redisReply, FreeReply>;

    /// Why there is no answer, or what error the server answered with: one line for an operator. Never shows
    /// the password; text of the server in it is escaped.
    struct Failure {
        std::string why;
        /// The first word of the error that the server answered with; empty for any other failure.
        std::string code{};
    };

    /// Larger answers end the connection; in bytes, and in elements of all their arrays.
    static constexpr std::size_t maxAnswerSize = std::size_t{16} * 1024 * 1024;
    static constexpr std::size_t maxAnswerElements = 100'000;

    RedisConnection(Options options, const std::stop_token& stopping);
    ~RedisConnection() = default;
    RedisConnection(const RedisConnection&) = delete;
    RedisConnection& operator=(const RedisConnection&) = delete;

    /// Closes the connection and connects again: looks the host up, tries each of its addresses, verifies the
    /// server if the address is secure, authenticates, and chooses the database. Returns why that failed, if
    /// it did; it is closed then.
    std::optional<Failure> open(Deadline deadline);
    bool isOpen() const noexcept { return static_cast<bool>(_socket); }
    void close();

    /// Sends a command and returns the answer, which is not an error. An error that the server answers leaves
    /// the connection open, any other failure closes it.
    std::variant<Reply, Failure> send(const Command& command, Deadline deadline);

    /// Sends several commands at once and returns their answers. If one is an error, that is the failure,
    /// although others may have been carried out.
    std::variant<std::vector<Reply>, Failure> sendAll(const std::vector<Command>& commands,
                                                      Deadline deadline);

private:
    using Problem = std::optional<Failure>;

    Problem connect(Deadline deadline);
    Problem connectTo(const sockaddr* address, socklen_t size, Deadline deadline);
    Problem connectToHost(Deadline deadline);
    Problem startTls(Deadline deadline);
    Problem authenticate(Deadline deadline);
    Problem chooseDatabase(Deadline deadline);

    std::variant<std::vector<Reply>, Failure> exchange(const std::vector<Command>& commands,
                                                       Deadline deadline);
    Problem enqueue(const Command& command);
    Problem nextReply(Reply& reply);
    /// Sends and receives what can be, after a wait for it.
    Problem move(Deadline deadline);
    Problem flush();
    Problem receive();
    Problem feed(std::string_view wire);
    Problem wait(int descriptor, short events, Deadline deadline) const;

    struct FreeReader {
        void operator()(redisReader* reader) const noexcept { ::redisReaderFree(reader); }
    };
    bool makeReader();

    const Options _options;
    const std::stop_token _stopping;
    /// Readable once a stop is requested.
    FileDescriptor _wakeUp;
    std::stop_callback<std::function<void()>> _onStop;
    FileDescriptor _socket;
    std::unique_ptr<TlsClient> _tls;
    redisReplyObjectFunctions _functions{};
    std::unique_ptr<redisReader, FreeReader> _reader;
    /// Bytes to send.
    std::string _outgoing;
    /// Of the answer that is being read: its bytes, and the elements of its arrays.
    std::size_t _answerSize = 0;
    std::size_t _answerElements = 0;
};

}  // namespace changebank::daemon
