#include "changebank/daemon/revocation/RedisStream.h"

#include <span>
#include <string_view>
#include <utility>

#include "changebank/base/text/Json.h"

namespace changebank::daemon {

namespace {

using security::Revocation;

constexpr std::string_view field = "r";

const RedisStream::Failure unexpected{"the server's answer has an unexpected form"};

/// The elements of an array; none for other answers.
std::span<redisReply* const> elementsOf(const redisReply& reply) {
    if (reply.type != REDIS_REPLY_ARRAY) return {};
    return {reply.element, reply.elements};
}

/// Empty for other answers.
std::string_view textOf(const redisReply& reply) {
    if (reply.type != REDIS_REPLY_STRING && reply.type != REDIS_REPLY_STATUS) return {};
    return {reply.str, reply.len};
}

std::optional<Revocation> revocationOf(const redisReply& fields) {
    const auto texts = elementsOf(fields);
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
        if (textOf(*texts[i]) != field) continue;
        const auto json = Json::parse(textOf(*texts[i + 1]));
        return json ? Revocation::fromJson(*json) : std::nullopt;
    }
    return std::nullopt;
}

/// `[ID, [FIELD, VALUE, …]]`
std::optional<RedisStream::Entry> entryOf(const redisReply& reply) {
    const auto parts = elementsOf(reply);
    const auto id = parts.size() == 2 ? StreamId::parse(textOf(*parts[0])) : std::nullopt;
    if (!id) return std::nullopt;
    return RedisStream::Entry{*id, revocationOf(*parts[1])};
}

/// `[[KEY, [ENTRY, …]]]`, with one entry at least; every id must come after the one before it.
std::optional<std::vector<RedisStream::Entry>> entriesOf(const redisReply& reply, std::string_view key,
                                                         StreamId after) {
    const auto streams = elementsOf(reply);
    const auto stream = streams.size() == 1 ? elementsOf(*streams[0]) : streams;
    if (stream.size() != 2 || textOf(*stream[0]) != key) return std::nullopt;
    std::vector<RedisStream::Entry> entries;
    for (const auto* each : elementsOf(*stream[1])) {
        auto entry = entryOf(*each);
        if (!entry || entry->id <= after) return std::nullopt;
        after = entry->id;
        entries.push_back(std::move(*entry));
    }
    if (entries.empty()) return std::nullopt;
    return entries;
}

}  // namespace

RedisStream::RedisStream(RedisConnection::Options options, std::string key, const std::stop_token& stopping)
    : _key(std::move(key)), _connection(std::move(options), stopping) {}

std::optional<RedisStream::Failure> RedisStream::open(Deadline deadline) {
    return _connection.open(deadline);
}

std::variant<RedisStream::Batch, RedisStream::Failure> RedisStream::readAfter(const Entry& last,
                                                                              std::chrono::milliseconds block,
                                                                              Deadline deadline) {
    const auto id = last.id.toText();
    RedisConnection::Command read{"XREAD", "COUNT", std::to_string(maxEntries)};
    if (block.count() > 0) read.insert(read.end(), {"BLOCK", std::to_string(block.count())});
    read.insert(read.end(), {"STREAMS", _key, id});
    std::vector<RedisConnection::Command> commands{std::move(read)};
    if (last.id != StreamId()) commands.push_back({"XRANGE", _key, id, id});
    const auto result = _connection.sendAll(commands, deadline);
    if (const auto* failure = std::get_if<Failure>(&result)) return failed(*failure);
    const auto& replies = std::get<std::vector<RedisConnection::Reply>>(result);
    Batch batch;
    if (replies.front()->type != REDIS_REPLY_NIL) {
        auto entries = entriesOf(*replies.front(), _key, last.id);
        if (!entries) return failed(unexpected);
        batch.entries = std::move(*entries);
    }
    if (replies.size() > 1) {
        if (replies.back()->type != REDIS_REPLY_ARRAY) return failed(unexpected);
        const auto found = elementsOf(*replies.back());
        // A new stream of that name may give an id again.
        batch.isContinuous = found.size() == 1 && entryOf(*found[0]) == last;
    }
    return batch;
}

std::variant<StreamId, RedisStream::Failure> RedisStream::add(const std::vector<Revocation>& revocations,
                                                              StreamId oldest, Deadline deadline) {
    std::vector<RedisConnection::Command> commands;
    for (const auto& revocation : revocations) {
        commands.push_back(
            {"XADD", _key, "MINID", "~", oldest.toText(), "*", std::string(field), revocation.toJson()});
    }
    const auto result = _connection.sendAll(commands, deadline);
    if (const auto* failure = std::get_if<Failure>(&result)) return failed(*failure);
    StreamId last;
    for (const auto& reply : std::get<std::vector<RedisConnection::Reply>>(result)) {
        const auto id = StreamId::parse(textOf(*reply));
        if (!id) return failed(unexpected);
        last = *id;
    }
    return last;
}

RedisStream::Failure RedisStream::failed(const Failure& failure) {
    _connection.close();
    return failure;
}

}  // namespace changebank::daemon
