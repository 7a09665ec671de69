#pragma once

#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace changebank::http {

/// A bounded task queue in front of a Poco::ThreadPool, which has none. Takes threads from the pool while
/// there is work and returns them afterwards. Usable from any thread.
class BlockingWorkers : private Poco::Runnable {
public:
    using Task = std::function<void()>;

    /// Capacity that a pool should have beyond `maxThreads`: POCO's pool reuses a thread only some time after
    /// it has finished, and submit() could fail until then.
    static constexpr int spareThreads = 16;

    /// Uses at most `maxThreads` threads of the pool at a time. The pool must outlive this.
    BlockingWorkers(Poco::ThreadPool& pool, int maxThreads, std::size_t maxQueue);
    /// Calls join().
    ~BlockingWorkers() override;

    /// Applies to later calls of submit().
    void setMaxQueue(std::size_t maxQueue);

    /// Queues a task, which must not throw. Returns false, and drops it, if `maxQueue` tasks are waiting or
    /// the pool has no thread.
    bool submit(Task task);

    /// Waits until every queued task has finished.
    void join();

private:
    void run() override;
    bool startThread();

    Poco::ThreadPool& _pool;
    const int _maxThreads;
    std::mutex _mutex;
    std::size_t _maxQueue;
    std::condition_variable _rest;
    std::deque<Task> _queue;
    int _running = 0;
};

}  // namespace changebank::http
