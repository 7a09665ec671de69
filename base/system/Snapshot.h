#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace changebank {

/// A read-mostly value with atomic replacement. load() compares a version counter with a copy that each
/// thread keeps for each object, and locks only for the first read and after store(), however many objects a
/// thread reads. Usable from any thread.
///
/// A thread keeps the value it read last alive until it reads the object again, until another object takes
/// the place of a destroyed one, or until it ends.
template <typename T>
class Snapshot {
public:
    explicit Snapshot(std::shared_ptr<T> first) : _value(std::move(first)), _version(nextVersion()) {}

    void store(std::shared_ptr<T> next) {
        const std::lock_guard lock(_mutex);
        _value.swap(next);
        _version.store(nextVersion(), std::memory_order_release);
    }

    /// The current value. The reference is valid until this thread's next load() of this object, and no
    /// longer than the object; copy it to keep the value for longer.
    const std::shared_ptr<T>& load() const {
        thread_local Copies copies;
        auto& mine = copies.of(_index.number());
        if (mine.version != _version.load(std::memory_order_acquire)) mine = copy();
        return mine.value;
    }

private:
    struct Copy {
        std::uint64_t version = 0;
        std::shared_ptr<T> value;
    };

    /// One thread's copies, by the index of the object. They never move, since load() hands out references.
    class Copies {
    public:
        Copy& of(std::size_t index) {
            return index < _first.size() ? _first[index] : ofRest(index - _first.size());
        }

    private:
        Copy& ofRest(std::size_t index) {
            while (_rest.size() <= index)
                _rest.push_back(std::make_unique<Copy>());
            return *_rest[index];
        }

        std::array<Copy, 4> _first;
        std::vector<std::unique_ptr<Copy>> _rest;
    };

    /// The smallest number that no other live object has, so that the threads' copies stay few.
    class Index {
    public:
        Index() {
            auto& pool = Pool::instance();
            const std::lock_guard lock(pool.mutex);
            const auto free = std::find(pool.isTaken.begin(), pool.isTaken.end(), false);
            _number = static_cast<std::size_t>(free - pool.isTaken.begin());
            if (free == pool.isTaken.end()) pool.isTaken.push_back(false);
            pool.isTaken[_number] = true;
        }
        ~Index() {
            auto& pool = Pool::instance();
            const std::lock_guard lock(pool.mutex);
            pool.isTaken[_number] = false;
        }
        Index(const Index&) = delete;
        Index& operator=(const Index&) = delete;

        std::size_t number() const noexcept { return _number; }

    private:
        struct Pool {
            std::mutex mutex;
            std::vector<bool> isTaken;

            /// Never destroyed: threads of a POCO pool may end later than the objects of static storage.
            static Pool& instance() {
                static auto& pool = *new Pool;
                return pool;
            }
        };

        std::size_t _number;
    };

    /// Versions are unique among all values of all objects, so a copy of a destroyed object never passes for
    /// one of the object that has its index now.
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
    const Index _index;
};

}  // namespace changebank
