#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

#include "changebank/daemon/tracing/Span.h"
#include "changebank/daemon/tracing/TracedRequest.h"

namespace changebank::daemon {

/// A bounded queue of what is to be exported, without a lock: many threads put in, one takes out. What does
/// not fit is refused. The algorithm is Dmitry Vyukov's bounded MPMC queue.
class SpanQueue {
public:
    using Item = std::variant<TracedRequest, Span>;

    /// Room for `capacity` items at least, rounded up to a power of two.
    explicit SpanQueue(std::size_t capacity);

    /// For any thread. Returns false if the queue is full.
    bool push(Item&& item) noexcept;

    /// For the one thread that takes out.
    std::optional<Item> pop() noexcept;

    /// About how many there are.
    std::size_t size() const noexcept;

private:
    struct Cell {
        std::atomic<std::size_t> turn{0};
        std::optional<Item> item;
    };

    const std::size_t _mask;
    const std::unique_ptr<Cell[]> _cells;  // NOLINT(*-avoid-c-arrays): the cells do not move.
    alignas(64) std::atomic<std::size_t> _in{0};
    alignas(64) std::atomic<std::size_t> _out{0};
};

}  // namespace changebank::daemon
