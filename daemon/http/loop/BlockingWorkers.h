#pragma once

#include <Poco/Runnable.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

namespace changebank::http {

/// Runs tasks that may block on threads of a Poco::ThreadPool, which has no queue of its own. A thread is
/// taken from the pool when there is work and given back when there is none. Usable from any thread.
class BlockingWorkers : private Poco::Runnable {
public:
    using Task = std::function<void()>;

    /// Room that a pool should have beyond `maxThreads`: POCO's pool gives a thread again some time after it
    /// has done its work, and until then submit() could find none.
    static constexpr int spareThreads = 16;

    /// Uses at most `maxThreads` threads of the pool at a time. The pool must outlive this.
    BlockingWorkers(Poco::ThreadPool& pool, int maxThreads, std::size_t maxQueue);
    /// Waits like join().
    ~BlockingWorkers() override;

    /// Applies to the tasks that come from now on.
    void setMaxQueue(std::size_t maxQueue);

    /// Takes a task, which must not throw. Returns false, and drops the task, if `maxQueue` tasks wait
    /// already or the pool has no thread to give.
    bool submit(Task task);

    /// Waits until every task that was taken is done.
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
