#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace changebank {

/// A value that is replaced as a whole, and read far more often than that. A read loads one number, which
/// nobody writes in the meantime: each thread keeps its own reference to the value and takes it anew only
/// when the number says that there is another one. So readers share no lock and no reference count, unlike
/// those of a std::atomic<std::shared_ptr>. A thread keeps the value that it read last alive until it reads
/// again or ends. Usable from any thread.
template <typename T>
class Snapshot {
public:
    explicit Snapshot(std::shared_ptr<T> first) : _value(std::move(first)), _version(nextVersion()) {}

    void store(std::shared_ptr<T> next) {
        const std::lock_guard lock(_mutex);
        _value.swap(next);
        _version.store(nextVersion(), std::memory_order_release);
    }

    /// The value as it stands. The reference is good until this thread's next load() of a Snapshot<T>; copy
    /// it to keep the value for longer.
    const std::shared_ptr<T>& load() const {
        thread_local Copy mine;
        if (mine.version != _version.load(std::memory_order_acquire)) mine = copy();
        return mine.value;
    }

private:
    struct Copy {
        std::uint64_t version = 0;
        std::shared_ptr<T> value;
    };

    /// No two values of any two objects have one version, so that a thread's copy says by its version alone
    /// whose it is.
    static std::uint64_t nextVersion() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }

    Copy copy() const {
        const std::lock_guard lock(_mutex);
        return {_version.load(std::memory_order_relaxed), _value};
    }

    mutable std::mutex _mutex;
    std::shared_ptr<T> _value;
    std::atomic<std::uint64_t> _version;
};

}  // namespace changebank
