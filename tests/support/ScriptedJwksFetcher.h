#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::tests {

/// What a scripted fetcher answers and what it was asked; shared between a test and the fetcher that a key
/// set owns. Usable from any thread.
class FetchScript {
public:
    /// The answers from now on.
    void answer(security::FetchResult result) {
        const std::lock_guard lock(_mutex);
        _result = std::move(result);
    }
    void answerDocument(const std::string& document, const std::string& entityTag = {},
                        std::optional<std::chrono::seconds> maxAge = std::nullopt) {
        answer(security::FetchedKeys{false, document, entityTag, maxAge});
    }
    void fail(security::Cause cause = security::Cause::keysUnreachable,
              const std::string& reason = "scripted") {
        answer(security::FetchFailure{cause, reason});
    }

    /// Fetches begin but do not end until release() or a stop.
    void hold() {
        const std::lock_guard lock(_mutex);
        _held = true;
    }
    void release() {
        const std::lock_guard lock(_mutex);
        _held = false;
        _changed.notify_all();
    }

    unsigned begun() const {
        const std::lock_guard lock(_mutex);
        return _begun;
    }
    bool lastWasForced() const {
        const std::lock_guard lock(_mutex);
        return _lastForced;
    }
    std::string lastEntityTag() const {
        const std::lock_guard lock(_mutex);
        return _lastEntityTag;
    }

    /// Waits until that many fetches have begun; false after 30 s.
    bool waitForBegun(unsigned count) {
        std::unique_lock lock(_mutex);
        return _changed.wait_for(lock, std::chrono::seconds(30), [&] { return _begun >= count; });
    }

    security::FetchResult run(const std::string& entityTag, bool forced, const std::stop_token& stopping) {
        std::unique_lock lock(_mutex);
        ++_begun;
        _lastForced = forced;
        _lastEntityTag = entityTag;
        _changed.notify_all();
        _changed.wait(lock, stopping, [this] { return !_held; });
        return _result;
    }

private:
    mutable std::mutex _mutex;
    std::condition_variable_any _changed;
    security::FetchResult _result =
        security::FetchFailure{security::Cause::keysUnreachable, "nothing scripted"};
    bool _held = false;
    unsigned _begun = 0;
    bool _lastForced = false;
    std::string _lastEntityTag;
};

class ScriptedJwksFetcher : public security::JwksFetcher {
public:
    explicit ScriptedJwksFetcher(std::shared_ptr<FetchScript> script) : _script(std::move(script)) {}

    security::FetchResult fetch(const std::string& entityTag, bool forced, std::chrono::milliseconds,
                                const std::stop_token& stopping) override {
        return _script->run(entityTag, forced, stopping);
    }

private:
    std::shared_ptr<FetchScript> _script;
};

}  // namespace changebank::tests
