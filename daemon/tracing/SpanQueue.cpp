#include "changebank/daemon/tracing/SpanQueue.h"

#include <bit>
#include <utility>

namespace changebank::daemon {

SpanQueue::SpanQueue(std::size_t capacity)
    : _mask(std::bit_ceil(capacity) - 1),
      _cells(std::make_unique<Cell[]>(_mask + 1)) {  // NOLINT(*-avoid-c-arrays)
    for (std::size_t i = 0; i <= _mask; ++i)
        _cells[i].turn.store(i, std::memory_order_relaxed);
}

bool SpanQueue::push(Item&& item) noexcept {
    auto place = _in.load(std::memory_order_relaxed);
    for (;;) {
        auto& cell = _cells[place & _mask];
        const auto turn = cell.turn.load(std::memory_order_acquire);
        if (turn == place) {
            if (!_in.compare_exchange_weak(place, place + 1, std::memory_order_relaxed)) continue;
            cell.item.emplace(std::move(item));
            cell.turn.store(place + 1, std::memory_order_release);
            return true;
        }
        // The cell still has the item of one round ago.
        if (static_cast<std::ptrdiff_t>(turn - place) < 0) return false;
        place = _in.load(std::memory_order_relaxed);
    }
}

std::optional<SpanQueue::Item> SpanQueue::pop() noexcept {
    const auto place = _out.load(std::memory_order_relaxed);
    auto& cell = _cells[place & _mask];
    if (cell.turn.load(std::memory_order_acquire) != place + 1) return std::nullopt;
    auto item = std::exchange(cell.item, std::nullopt);
    cell.turn.store(place + _mask + 1, std::memory_order_release);
    _out.store(place + 1, std::memory_order_relaxed);
    return item;
}

std::size_t SpanQueue::size() const noexcept {
    const auto out = _out.load(std::memory_order_relaxed);
    const auto in = _in.load(std::memory_order_relaxed);
    return in > out ? in - out : 0;
}

}  // namespace changebank::daemon
