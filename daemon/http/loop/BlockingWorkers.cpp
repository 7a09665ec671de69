#include "changebank/daemon/http/loop/BlockingWorkers.h"

#include <exception>
#include <utility>

namespace changebank::http {

BlockingWorkers::BlockingWorkers(Poco::ThreadPool& pool, int maxThreads, std::size_t maxQueue)
    : _pool(pool), _maxThreads(maxThreads), _maxQueue(maxQueue) {}

BlockingWorkers::~BlockingWorkers() {
    join();
}

void BlockingWorkers::setMaxQueue(std::size_t maxQueue) {
    const std::lock_guard lock(_mutex);
    _maxQueue = maxQueue;
}

bool BlockingWorkers::submit(Task task) {
    const std::lock_guard lock(_mutex);
    const bool mayStart = _running < _maxThreads;
    if (!mayStart && _queue.size() >= _maxQueue) return false;
    _queue.push_back(std::move(task));
    if (!mayStart || startThread() || _running > 0) return true;
    _queue.pop_back();
    return false;
}

bool BlockingWorkers::startThread() {
    try {
        _pool.start(*this);
    } catch (const std::exception&) {
        // The pool is full, or the system has no memory or cannot create a thread.
        return false;
    }
    ++_running;
    return true;
}

void BlockingWorkers::join() {
    std::unique_lock lock(_mutex);
    _rest.wait(lock, [this] { return _running == 0; });
}

void BlockingWorkers::run() {
    std::unique_lock lock(_mutex);
    while (!_queue.empty()) {
        const Task task = std::move(_queue.front());
        _queue.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
    --_running;
    _rest.notify_all();
}

}  // namespace changebank::http
