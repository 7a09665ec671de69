#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace changebank::tests {

/// What comes in on other threads, for a test that waits for it.
template <typename Value>
class Inbox {
public:
    void put(Value value) {
        const std::lock_guard lock(_mutex);
        _values.push_back(std::move(value));
        _changed.notify_all();
    }

    /// All that have come, once they are at least that many. Throws std::runtime_error if they do not come.
    std::vector<Value> take(std::size_t count) {
        constexpr std::chrono::seconds patience{20};
        std::unique_lock lock(_mutex);
        if (!_changed.wait_for(lock, patience, [&] { return _values.size() >= count; })) {
            throw std::runtime_error("only " + std::to_string(_values.size()) + " of " +
                                     std::to_string(count) + " have come");
        }
        return _values;
    }

private:
    std::mutex _mutex;
    std::condition_variable _changed;
    std::vector<Value> _values;
};

}  // namespace changebank::tests
