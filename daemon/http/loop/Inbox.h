#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "changebank/base/system/FileDescriptor.h"
#include "changebank/daemon/http/loop/Exchange.h"
#include "changebank/daemon/http/socket/Acceptor.h"

namespace changebank::http {

/// What other threads hand to an event loop. Usable from any thread.
class Inbox {
public:
    struct Contents {
        std::vector<AcceptedSocket> accepted;
        /// A list by Exchange::next.
        std::unique_ptr<Exchange> completed;
        std::vector<std::uint64_t> resumed;
        std::vector<std::promise<void>> pings;
    };

    /// Throws Poco::SystemException if eventfd fails.
    Inbox();

    /// Becomes readable with each wake().
    int descriptor() const { return _wakeUp.get(); }
    void wake();

    // Each of these wakes the loop.

    /// A connection for the loop.
    void adopt(AcceptedSocket accepted);
    /// An exchange whose blocking handler has finished. Needs no memory.
    void complete(std::unique_ptr<Exchange> exchange) noexcept;
    /// The event of a suspended request has come; `suspension` is its number in ConnectionContext.
    void resume(std::uint64_t suspension) noexcept;
    /// Becomes ready when the loop has taken it, or immediately after close(). May be dropped.
    std::future<void> ping();

    /// For the loop: removes everything.
    Contents take();
    /// For the loop when it ends: fulfils all pings, later ones too.
    void close();

private:
    FileDescriptor _wakeUp;
    std::mutex _mutex;
    Contents _contents;
    Exchange* _lastCompleted = nullptr;
    bool _isClosed = false;
};

}  // namespace changebank::http
