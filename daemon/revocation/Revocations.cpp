#include "changebank/daemon/revocation/Revocations.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "changebank/daemon/logging/Logging.h"

namespace changebank::daemon {

using namespace std::chrono_literals;
using security::Revocation;
using security::RevocationList;
using WhenFailed = RevocationStream::WhenFailed;

namespace {

constexpr auto all = std::numeric_limits<std::size_t>::max();
constexpr auto everyRevocation = [](const Revocation&) { return true; };

/// A file may have as many lines that are not in effect any more.
constexpr std::size_t spareLines = 10'000;

/// How soon what other replicas shared is in the file. An attempt may write the whole file again, so a disk
/// that fails gets few.
constexpr std::chrono::milliseconds writePause = 200ms;
constexpr std::chrono::milliseconds pauseAfterFailure = 5s;

/// How often expired revocations give their memory back.
constexpr auto sweepInterval = 1min;

RevocationStream::Options optionsOf(const Settings::Revocation& settings) {
    return {.address = *settings.redis,
            .user = settings.redisUser,
            .password = settings.redisPassword,
            .key = settings.redisStream,
            .timeout = settings.redisTimeout,
            // An event may be ahead of our clock.
            .lifetime = settings.limits.lifetime + settings.webhookLeeway,
            .maxAhead = std::max(RevocationStream::Options().maxAhead, settings.webhookLeeway),
            .caFile = settings.redisCaFile};
}

void report(bool isWarning, const std::string& text) {
    log(isWarning ? Poco::Message::PRIO_WARNING : Poco::Message::PRIO_INFORMATION, text);
}

/// Those of `wanted` that a file does not have.
std::vector<Revocation> missingIn(const std::vector<Revocation>& file, std::vector<Revocation> wanted) {
    std::set<std::pair<security::RevocationKey, std::int64_t>> known;
    for (const auto& revocation : file)
        known.emplace(revocation.key(), revocation.issuedUpTo);
    std::erase_if(wanted, [&](const auto& each) { return known.contains({each.key(), each.issuedUpTo}); });
    return wanted;
}

}  // namespace

Revocations::Revocations(Clock& clock)
    : _list(std::make_shared<RevocationList>(RevocationList::Limits(), clock)), _clock(clock) {}

Revocations::~Revocations() {
    stop();
}

std::variant<Revocations::PendingUpdate, Revocations::Fault> Revocations::prepare(
    const Settings::Revocation& next) const {
    if (next.file.empty() || next.file == settings().file) return PendingUpdate{};
    auto read = RevocationFile::open(next.file);
    if (auto* fault = std::get_if<RevocationFile::Fault>(&read)) return Fault{std::move(fault->why)};
    auto& opened = std::get<RevocationFile::Opened>(read);
    auto missing = missingIn(opened.revocations, _list->find(everyRevocation, all));
    if (!missing.empty()) {
        if (auto why = opened.file.append(missing)) return Fault{std::move(*why)};
        opened.revocations.insert(opened.revocations.end(), missing.begin(), missing.end());
    }
    return PendingUpdate{std::move(opened)};
}

void Revocations::commit(const Settings::Revocation& next, PendingUpdate pending) {
    const auto before = settings();
    {
        const std::lock_guard changes(_changes);
        _list->setLimits(next.limits);
        {
            const std::lock_guard lock(_mutex);
            _settings = next;
        }
        if (next.file.empty()) forgetFile();
        if (pending.opened) load(std::move(*pending.opened), next);
    }
    const auto current = stream();
    const bool isSame = current && next.redis && optionsOf(next) == optionsOf(before);
    if (!isSame) use(next.redis ? connect(next, standingFor(next, before)) : nullptr);
    judgeAvailability();
    if (!next.isOn() || _watcher.joinable()) return;
    _watcher = std::jthread([this](const std::stop_token& stopping) { watch(stopping); });
    _tidier = std::jthread([this](const std::stop_token& stopping) { tidy(stopping); });
}

void Revocations::stop() {
    _watcher = {};
    _tidier = {};
    use(nullptr);
}

void Revocations::interrupt() {
    if (const auto current = stream()) current->interrupt();
}

Settings::Revocation Revocations::settings() const {
    const std::lock_guard lock(_mutex);
    return _settings;
}

std::shared_ptr<RevocationStream> Revocations::stream() const {
    const std::lock_guard lock(_mutex);
    return _stream;
}

/// What is known stays as good as it was if only the way to the same stream changes.
RevocationStream::Standing Revocations::standingFor(const Settings::Revocation& next,
                                                    const Settings::Revocation& before) const {
    const auto current = stream();
    const bool isSameStream = current && next.redis == before.redis && next.redisStream == before.redisStream;
    return isSameStream ? current->standing() : RevocationStream::Standing();
}

/// The replaced one ends without a lock, which its thread may wait for.
void Revocations::use(std::shared_ptr<RevocationStream> stream) {
    const std::lock_guard lock(_mutex);
    std::swap(stream, _stream);
}

/// Puts what is in a file into effect. Requires _changes.
void Revocations::load(RevocationFile::Opened opened, const Settings::Revocation& settings) {
    if (!opened.note.empty()) report(true, opened.note);
    // More of them than the settings allow must not open the door.
    _list->setLimits({.entries = all, .lifetime = settings.limits.lifetime});
    std::size_t expired = 0;
    for (const auto& revocation : opened.revocations)
        expired += _list->add(revocation) == RevocationList::Outcome::expired ? 1U : 0U;
    if (expired > 0) report(false, std::to_string(expired) + " revocations in revocation.file have expired");
    auto limits = settings.limits;
    if (const auto entries = _list->counters().entries; entries > limits.entries) {
        limits.entries = entries;
        report(true, "revocation.file has more revocations in effect than revocation.entries allows: " +
                         std::to_string(entries) + "; all of them stay, further ones are refused");
    }
    _list->setLimits(limits);
    // What came into effect since the file was read is written with the next ones.
    const auto missing = missingIn(opened.revocations, _list->find(everyRevocation, all));
    _file.emplace(std::move(opened.file));
    _compactAbove = 0;
    const std::lock_guard lock(_mutex);
    _fileFailure.clear();
    _received.insert(_received.end(), missing.begin(), missing.end());
}

/// Requires _changes.
void Revocations::forgetFile() {
    _file.reset();
    const std::lock_guard lock(_mutex);
    _fileFailure.clear();
    _received.clear();
}

/// Rewrites the file without what is not in effect any more, if there is much of it. Requires _changes and
/// _file.
void Revocations::compactIfDue() {
    _compactAbove = std::max(_compactAbove, spareLines + 2 * _list->counters().entries);
    if (_file->lines() <= _compactAbove) return;
    if (const auto why = _file->rewrite(_list->find(everyRevocation, all))) {
        _fileWarnings.warn("cannot rewrite revocation.file: " + *why);
        _compactAbove = 2 * _file->lines();
    } else {
        _compactAbove = 0;
    }
}

/// Appends to the file, which is written again first if somebody has removed or replaced it. Requires
/// _changes and _file. Returns why it failed, if it did.
Revocations::Failure Revocations::write(const std::vector<Revocation>& revocations) {
    compactIfDue();
    auto why = _file->append(revocations);
    if (why && _file->isDamaged()) {
        const auto remade = _file->rewrite(_list->find(everyRevocation, all));
        if (!remade) {
            report(true, "revocation.file was written again: " + *why);
            why = _file->append(revocations);
        }
    }
    const std::lock_guard lock(_mutex);
    _fileFailure = why.value_or("");
    return why;
}

/// Writes what came from other replicas. Requires _changes. Returns why it failed, if it did.
Revocations::Failure Revocations::writeReceived() {
    std::vector<Revocation> received;
    {
        const std::lock_guard lock(_mutex);
        std::swap(received, _received);
    }
    if (!_file || received.empty()) return std::nullopt;
    auto why = write(received);
    if (!why) return std::nullopt;
    _fileWarnings.warn("revocations that other replicas shared are in effect, but not in revocation.file: " +
                       *why);
    const std::lock_guard lock(_mutex);
    _received.insert(_received.end(), received.begin(), received.end());
    return why;
}

Revocations::Result Revocations::revoke(const Revocation& revocation) {
    if (!settings().isOn()) return {Outcome::off};
    const auto publisher = stream();
    bool isInFile = false;
    auto result = keep(revocation, isInFile);
    if (result.outcome != Outcome::kept) return result;
    if (!isInFile) return keepWithoutFile(revocation, publisher);
    if (publisher) publisher->publish(revocation);
    return result;
}

/// Writes the revocation into the file and puts it into effect. Outcome::kept without a file: it is still to
/// be done.
Revocations::Result Revocations::keep(const Revocation& revocation, bool& isInFile) {
    const std::lock_guard changes(_changes);
    // An answer that it is known would say that it is written.
    if (auto why = writeReceived()) return {Outcome::notWritten, std::move(*why)};
    const auto verdict = _list->check(revocation);
    if (verdict == RevocationList::Outcome::full) return {Outcome::full};
    if (verdict != RevocationList::Outcome::added) return {Outcome::unchanged};
    if (!_file) return {Outcome::kept};
    if (auto why = write({revocation})) return {Outcome::notWritten, std::move(*why)};
    _list->add(revocation);
    isInFile = true;
    return {Outcome::kept};
}

/// Writes the revocation into Redis and puts it into effect.
Revocations::Result Revocations::keepWithoutFile(const Revocation& revocation,
                                                 const std::shared_ptr<RevocationStream>& publisher) {
    if (!publisher) return {Outcome::notWritten, "the settings are being changed"};
    if (auto why = publisher->publish(revocation, WhenFailed::forget))
        return {Outcome::notWritten, std::move(*why)};
    bool isInFile = false;
    // A reload may have brought a file, or another Redis.
    auto result = keep(revocation, isInFile);
    // The stream may have brought it already.
    if (result.outcome == Outcome::unchanged) return {Outcome::kept};
    if (result.outcome != Outcome::kept) return result;
    if (!isInFile && _list->add(revocation) == RevocationList::Outcome::full) return {Outcome::full};
    if (const auto now = stream(); now && now != publisher) now->publish(revocation);
    return result;
}

/// Called by the thread of the stream, which does not wait for the disk.
bool Revocations::receive(const Revocation& revocation) {
    const auto outcome = _list->add(revocation);
    if (outcome == RevocationList::Outcome::full) return false;
    if (outcome != RevocationList::Outcome::added) return true;
    const std::lock_guard lock(_mutex);
    if (!_settings.file.empty()) _received.push_back(revocation);
    return true;
}

std::shared_ptr<RevocationStream> Revocations::connect(const Settings::Revocation& settings,
                                                       RevocationStream::Standing standing) {
    return std::make_shared<RevocationStream>(
        optionsOf(settings),
        RevocationStream::Observer{
            .received = [this](const Revocation& revocation) { return receive(revocation); },
            .all = [this] { return find(everyRevocation, all); },
            .report = report},
        _list->find(everyRevocation, all), _clock, standing);
}

/// Tokens are accepted while the list is as complete as the operator wants it.
void Revocations::judgeAvailability() {
    bool isAvailable = true;
    std::string why;
    {
        const std::lock_guard lock(_mutex);
        if (_stream && !_settings.staysOpen) {
            const auto status = _stream->status();
            isAvailable = status.lastUpToDate && _stream->outOfDateFor() < _settings.staleFor;
            why = status.failure;
        }
        if (isAvailable == _list->isAvailable()) return;
        _list->setAvailable(isAvailable);
    }
    if (isAvailable) return report(false, "revocations are known: tokens are accepted");
    report(!why.empty(), "no token is accepted until all revocations are read from Redis" +
                             (why.empty() ? "" : ": " + why));
}

void Revocations::watch(const std::stop_token& stopping) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    while (!stopping.stop_requested()) {
        judgeAvailability();
        // A start should not take longer for it.
        _stopping.wait_for(lock, stopping, _list->isAvailable() ? 200ms : 20ms, [] { return false; });
    }
}

void Revocations::tidy(const std::stop_token& stopping) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    auto nextSweep = std::chrono::steady_clock::now() + sweepInterval;
    while (!stopping.stop_requested()) {
        auto pause = writePause;
        {
            const std::lock_guard changes(_changes);
            if (writeReceived()) pause = pauseAfterFailure;
        }
        if (const auto now = std::chrono::steady_clock::now(); now >= nextSweep) {
            _list->forgetExpired();
            nextSweep = now + sweepInterval;
        }
        _stopping.wait_for(lock, stopping, pause, [] { return false; });
    }
}

Revocations::Status Revocations::status() const {
    Status status;
    status.list = _list->counters();
    status.isAvailable = _list->isAvailable();
    const std::lock_guard lock(_mutex);
    status.isOn = _settings.isOn();
    status.file = _settings.file;
    status.fileFailure = _fileFailure;
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
