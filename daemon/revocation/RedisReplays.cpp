#include "changebank/daemon/revocation/RedisReplays.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

#include "changebank/base/system/ExceptionText.h"

namespace changebank::daemon {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds firstRetry{100};
constexpr milliseconds longestRetry{2000};
constexpr std::size_t sentAtOnce = 1000;

RedisConnection::Options connectionOptions(const RedisReplays::Options& options) {
    return {options.address, options.user, options.password, options.caFile};
}

RedisConnection::Command commandFor(const security::SharedReplays::Use& use) {
    return {"SET", RedisReplays::keyPrefix + use.id, "1", "NX", "PX", std::to_string(use.lifetime.count())};
}

/// std::nullopt for an answer that is none to SET … NX.
std::optional<security::SharedReplays::Outcome> outcomeOf(const redisReply& reply) {
    using Outcome = security::SharedReplays::Outcome;
    if (reply.type == REDIS_REPLY_NIL) return Outcome::replayed;
    const bool isOk =
        reply.type == REDIS_REPLY_STATUS && std::string_view(reply.str, reply.len) == std::string_view("OK");
    return isOk ? std::optional(Outcome::inserted) : std::nullopt;
}

}  // namespace

/// One use, shared by the one who waits and the thread.
class RedisReplays::Entry {
public:
    Entry(Use use, std::function<void()> ended) : _use(std::move(use)), _ended(std::move(ended)) {}

    const Use& use() const { return _use; }

    Outcome outcome() const {
        const std::lock_guard lock(_mutex);
        return _outcome;
    }

    bool isGivenUp() const {
        const std::lock_guard lock(_mutex);
        return !_ended;
    }

    void giveUp() {
        const std::lock_guard lock(_mutex);
        _ended = nullptr;
    }

    /// Tells the one who waits, who cannot leave meanwhile.
    void end(Outcome outcome) {
        const std::lock_guard lock(_mutex);
        _outcome = outcome;
        if (_ended) _ended();
        _ended = nullptr;
    }

private:
    const Use _use;
    mutable std::mutex _mutex;
    std::function<void()> _ended;
    Outcome _outcome = Outcome::unavailable;
};

class RedisReplays::Waiting : public Place {
public:
    explicit Waiting(std::shared_ptr<Entry> entry) : _entry(std::move(entry)) {}
    ~Waiting() override { _entry->giveUp(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    Outcome outcome() const override { return _entry->outcome(); }

private:
    std::shared_ptr<Entry> _entry;
};

RedisReplays::RedisReplays(Options options, Report report)
    : _options(std::move(options)), _report(std::move(report)) {
    _status.failure = "not connected yet";
    _thread = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "replays");
        run();
    });
}

RedisReplays::~RedisReplays() {
    _stopping.request_stop();
    _thread.join();
    setDown({"stopped"});
}

security::SharedReplays::Joined RedisReplays::insert(Use use, std::function<void()> ended) {
    auto entry = std::make_shared<Entry>(std::move(use), std::move(ended));
    auto place = std::make_unique<Waiting>(entry);
    {
        const std::lock_guard lock(_mutex);
        if (_isDown || _queue.size() >= _options.maxWaiting) {
            ++_status.unavailable;
            return Outcome::unavailable;
        }
        _queue.push_back(std::move(entry));
    }
    _changed.notify_one();
    return place;
}

RedisReplays::Status RedisReplays::status() const {
    const std::lock_guard lock(_mutex);
    return _status;
}

void RedisReplays::run() {
    auto wait = firstRetry;
    RedisConnection connection(connectionOptions(_options), _stopping.get_token());
    while (!_stopping.stop_requested()) {
        Failure failure;
        try {
            failure = serve(connection);
        } catch (const std::exception& error) {
            failure.why = exceptionText(error);
        }
        if (_stopping.stop_requested()) return;
        if (status().isUp) wait = firstRetry;
        connection.close();
        setDown(failure);
        std::unique_lock lock(_mutex);
        _changed.wait_for(lock, _stopping.get_token(), wait, [] { return false; });
        wait = std::min(2 * wait, longestRetry);
    }
}

RedisReplays::Failure RedisReplays::serve(RedisConnection& connection) {
    if (auto failure = open(connection, std::chrono::steady_clock::now() + _options.timeout))
        return std::move(*failure);
    setUp();
    for (auto entries = take(); !entries.empty(); entries = take()) {
        auto outcomes = send(connection, entries);
        if (auto* failure = std::get_if<Failure>(&outcomes)) {
            giveUp(entries);
            return std::move(*failure);
        }
        end(entries, std::get<std::vector<Outcome>>(outcomes));
    }
    return {"stopped"};
}

/// Connects, and finds out whether uses can be written.
std::optional<RedisReplays::Failure> RedisReplays::open(RedisConnection& connection,
                                                        RedisConnection::Deadline deadline) const {
    if (auto failure = connection.open(deadline)) return failure;
    auto answer = connection.send(commandFor({"test", milliseconds(1000)}), deadline);
    if (auto* failure = std::get_if<Failure>(&answer)) return std::move(*failure);
    if (!outcomeOf(*std::get<RedisConnection::Reply>(answer))) return Failure{"the answer is none to SET"};
    return std::nullopt;
}

RedisReplays::Outcomes RedisReplays::send(RedisConnection& connection, const Entries& entries) const {
    const auto deadline = std::chrono::steady_clock::now() + _options.timeout;
    try {
        auto outcomes = sendOnce(connection, entries, deadline);
        if (std::holds_alternative<std::vector<Outcome>>(outcomes) || connection.isOpen()) return outcomes;
        // The connection may have been lost since it was used last, which says nothing about the server. A
        // use that it has noted nevertheless is taken for a replay.
        if (auto failure = open(connection, deadline)) return std::move(*failure);
        return sendOnce(connection, entries, deadline);
    } catch (const std::exception& error) {
        return Failure{exceptionText(error)};
    }
}

RedisReplays::Outcomes RedisReplays::sendOnce(RedisConnection& connection, const Entries& entries,
                                              RedisConnection::Deadline deadline) const {
    std::vector<RedisConnection::Command> commands;
    commands.reserve(entries.size());
    for (const auto& entry : entries)
        commands.push_back(commandFor(entry->use()));
    auto result = connection.sendAll(commands, deadline);
    if (auto* failure = std::get_if<Failure>(&result)) return std::move(*failure);
    std::vector<Outcome> outcomes;
    outcomes.reserve(entries.size());
    for (const auto& reply : std::get<std::vector<RedisConnection::Reply>>(result)) {
        const auto outcome = outcomeOf(*reply);
        if (!outcome) return Failure{"the answer is none to SET"};
        outcomes.push_back(*outcome);
    }
    return outcomes;
}

RedisReplays::Entries RedisReplays::take() {
    Entries entries;
    std::unique_lock lock(_mutex);
    while (entries.empty() &&
           _changed.wait(lock, _stopping.get_token(), [this] { return !_queue.empty(); })) {
        while (!_queue.empty() && entries.size() < sentAtOnce) {
            if (!_queue.front()->isGivenUp()) entries.push_back(std::move(_queue.front()));
            _queue.pop_front();
        }
    }
    return entries;
}

void RedisReplays::end(const Entries& entries, const std::vector<Outcome>& outcomes) {
    const auto replayed =
        static_cast<std::uint64_t>(std::count(outcomes.begin(), outcomes.end(), Outcome::replayed));
    {
        const std::lock_guard lock(_mutex);
        _status.replayed += replayed;
        _status.inserted += outcomes.size() - replayed;
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
        entries[i]->end(outcomes[i]);
}

void RedisReplays::giveUp(const Entries& entries) {
    {
        const std::lock_guard lock(_mutex);
        _status.unavailable += entries.size();
    }
    for (const auto& entry : entries)
        entry->end(Outcome::unavailable);
}

void RedisReplays::setUp() {
    bool isNews = false;
    {
        const std::lock_guard lock(_mutex);
        isNews = !std::exchange(_status.isUp, true);
        _status.failure.clear();
        _isDown = false;
        _reported.clear();
    }
    if (isNews) _report(false, "used DPoP proofs are shared by " + _options.address.toText());
}

void RedisReplays::setDown(const Failure& failure) {
    Entries left;
    bool isNews = false;
    {
        const std::lock_guard lock(_mutex);
        _isDown = true;
        _status.isUp = false;
        _status.failure = failure.why;
        left.assign(_queue.begin(), _queue.end());
        _queue.clear();
        isNews = _reported.add(failure) && !_stopping.stop_requested();
    }
    giveUp(left);
    if (isNews) {
        _report(true, "used DPoP proofs are not shared by " + _options.address.toText() + ": " + failure.why);
    }
}

}  // namespace changebank::daemon
