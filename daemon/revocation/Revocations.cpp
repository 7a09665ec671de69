#include "changebank/daemon/revocation/Revocations.h"

#include <limits>
#include <utility>

#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

using namespace std::chrono_literals;
using security::Revocation;
using security::RevocationList;

namespace {

constexpr auto all = std::numeric_limits<std::size_t>::max();
constexpr auto everyRevocation = [](const Revocation&) { return true; };

/// How often expired revocations give their memory back.
constexpr auto sweepInterval = 1min;

RevocationStream::Options optionsOf(const Settings::Revocation& settings) {
    return {.address = *settings.redis,
            .user = settings.redisUser,
            .password = settings.redisPassword,
            .key = settings.redisStream,
            .timeout = settings.redisTimeout,
            .lifetime = settings.limits.lifetime,
            .caFile = settings.redisCaFile};
}

void report(bool isWarning, const std::string& text) {
    log(isWarning ? Poco::Message::PRIO_WARNING : Poco::Message::PRIO_INFORMATION, text);
}

}  // namespace

Revocations::Revocations(Clock& clock)
    : _list(std::make_shared<RevocationList>(RevocationList::Limits(), clock)), _clock(clock) {}

Revocations::~Revocations() {
    stop();
}

std::variant<Revocations::PendingUpdate, Revocations::Fault> Revocations::prepare(
    const Settings::Revocation& settings) const {
    if (settings.file.empty() || (_file && _file->path() == settings.file)) return PendingUpdate{};
    auto opened = RevocationFile::open(settings.file);
    if (auto* fault = std::get_if<RevocationFile::Fault>(&opened)) return Fault{std::move(fault->why)};
    return PendingUpdate{std::get<RevocationFile::Opened>(std::move(opened))};
}

void Revocations::commit(const Settings::Revocation& settings, PendingUpdate pending) {
    std::shared_ptr<RevocationStream> replaced;
    {
        const std::lock_guard lock(_mutex);
        _settings = settings;
        _list->setLimits(settings.limits);
        if (settings.file.empty()) _file.reset();
        if (pending.opened) load(std::move(*pending.opened));
        const bool isSame = _stream && settings.redis && optionsOf(settings) == _streamOptions;
        if (!isSame) std::swap(replaced, _stream);
        if (!_stream && settings.redis) _stream = connect(settings);
    }
    // Its thread may wait for the lock.
    replaced.reset();
    judgeAvailability();
    if (settings.isOn() && !_watcher.joinable())
        _watcher = std::jthread([this](const std::stop_token& stopping) { watch(stopping); });
}

void Revocations::stop() {
    _watcher = {};
    std::shared_ptr<RevocationStream> stopped;
    const std::lock_guard lock(_mutex);
    std::swap(stopped, _stream);
}

/// Puts what is in a file into effect, and what is in effect into the file. Requires _mutex.
void Revocations::load(RevocationFile::Opened opened) {
    if (!opened.note.empty()) report(true, opened.note);
    // More of them than the settings allow must not open the door.
    _list->setLimits({.entries = all, .lifetime = _settings.limits.lifetime});
    for (const auto& revocation : opened.revocations)
        _list->add(revocation);
    auto limits = _settings.limits;
    if (const auto entries = _list->counters().entries; entries > limits.entries) {
        limits.entries = entries;
        report(true, "revocation.file has more revocations in effect than revocation.entries allows: " +
                         std::to_string(entries) + "; all of them stay, further ones are refused");
    }
    _list->setLimits(limits);
    _file.emplace(std::move(opened.file));
    compact();
}

/// Rewrites the file without what is not in effect any more. Requires _mutex and _file.
void Revocations::compact() {
    if (const auto why = _file->rewrite(_list->find(everyRevocation, all)))
        report(true, "cannot rewrite revocation.file: " + *why);
}

/// Requires _mutex. Returns why it failed, if it did.
std::optional<std::string> Revocations::write(const Revocation& revocation) {
    constexpr std::size_t alwaysKept = 10'000;
    if (_file->lines() > alwaysKept + 2 * _list->counters().entries) compact();
    return _file->append(revocation);
}

Revocations::Result Revocations::revoke(const Revocation& revocation) {
    std::shared_ptr<RevocationStream> stream;
    {
        const std::lock_guard lock(_mutex);
        if (!_settings.isOn()) return {Outcome::off};
        const auto verdict = _list->check(revocation);
        if (verdict == RevocationList::Outcome::full) return {Outcome::full};
        if (verdict != RevocationList::Outcome::added) return {Outcome::unchanged};
        stream = _stream;
        if (_file) {
            if (auto why = write(revocation)) return {Outcome::notWritten, std::move(*why)};
            _list->add(revocation);
        }
    }
    auto why = stream ? stream->publish(revocation) : std::nullopt;
    const std::lock_guard lock(_mutex);
    if (_file) return {Outcome::kept};
    if (why) return {Outcome::notWritten, std::move(*why)};
    // Others may have taken the last room meanwhile.
    if (_list->add(revocation) == RevocationList::Outcome::full) return {Outcome::full};
    return {Outcome::kept};
}

bool Revocations::receive(const Revocation& revocation) {
    const std::lock_guard lock(_mutex);
    const auto verdict = _list->check(revocation);
    if (verdict == RevocationList::Outcome::full) return false;
    if (verdict != RevocationList::Outcome::added) return true;
    if (_file) {
        if (const auto why = write(revocation))
            report(true,
                   "a revocation that another replica shared is in effect, but not in the file: " + *why);
    }
    _list->add(revocation);
    return true;
}

/// Requires _mutex.
std::shared_ptr<RevocationStream> Revocations::connect(const Settings::Revocation& settings) {
    _streamOptions = optionsOf(settings);
    return std::make_shared<RevocationStream>(
        _streamOptions,
        RevocationStream::Observer{
            .received = [this](const Revocation& revocation) { return receive(revocation); },
            .all = [this] { return find(everyRevocation, all); },
            .report = report},
        _list->find(everyRevocation, all), _clock);
}

/// Tokens are accepted while the list is as complete as the operator wants it.
void Revocations::judgeAvailability() {
    const std::lock_guard lock(_mutex);
    bool isAvailable = true;
    if (_stream && !_settings.staysOpen) {
        isAvailable = _stream->status().lastUpToDate && _stream->outOfDateFor() < _settings.staleFor;
    }
    if (isAvailable == _list->isAvailable()) return;
    _list->setAvailable(isAvailable);
    report(!isAvailable, isAvailable ? "revocations are known again: tokens are accepted"
                                     : "revocations are not known: no token is accepted until Redis answers");
}

void Revocations::watch(const std::stop_token& stopping) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    auto nextSweep = std::chrono::steady_clock::now() + sweepInterval;
    while (!stopping.stop_requested()) {
        judgeAvailability();
        if (const auto now = std::chrono::steady_clock::now(); now >= nextSweep) {
            _list->forgetExpired();
            nextSweep = now + sweepInterval;
        }
        // A start should not take longer for it.
        _changed.wait_for(lock, stopping, _list->isAvailable() ? 200ms : 20ms, [] { return false; });
    }
}

Revocations::Status Revocations::status() const {
    const std::lock_guard lock(_mutex);
    Status status;
    status.isOn = _settings.isOn();
    status.list = _list->counters();
    status.isAvailable = _list->isAvailable();
    if (_file) status.file = _file->path();
    if (_stream) {
        status.stream = _stream->status();
        status.streamAddress = _settings.redis->toText();
        status.outOfDateFor = _stream->outOfDateFor();
    }
    return status;
}

std::vector<Revocation> Revocations::find(const std::function<bool(const Revocation&)>& matches,
                                          std::size_t limit) const {
    return _list->find(matches, limit);
}

}  // namespace changebank::daemon
