#include "changebank/daemon/metrics/LastExemplar.h"

#include "changebank/base/text/Hex.h"

namespace changebank::daemon {

namespace {

std::string idOf(std::uint64_t number) {
    const auto digits = hexOf(number);
    return {digits.begin(), digits.end()};
}

}  // namespace

void LastExemplar::store(std::string_view traceId, std::string_view spanId,
                         std::chrono::microseconds duration,
                         std::chrono::sys_time<std::chrono::milliseconds> time) noexcept {
    auto version = _version.load(std::memory_order_relaxed);
    if (version % 2 == 1 ||
        !_version.compare_exchange_strong(version, version + 1, std::memory_order_acq_rel))
        return;
    const std::array<std::uint64_t, 5> words{numberOfHex(traceId.substr(0, 16)),
                                             numberOfHex(traceId.substr(16)), numberOfHex(spanId),
                                             static_cast<std::uint64_t>(duration.count()),
                                             static_cast<std::uint64_t>(time.time_since_epoch().count())};
    // Each is released, so that nobody who sees one of them misses the odd version before it.
    for (std::size_t i = 0; i < words.size(); ++i)
        _words[i].store(words[i], std::memory_order_release);
    _version.store(version + 2, std::memory_order_release);
}

std::optional<LastExemplar::Value> LastExemplar::load() const {
    constexpr int attempts = 3;
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto version = _version.load(std::memory_order_acquire);
        if (version == 0) return std::nullopt;
        std::array<std::uint64_t, 5> words{};
        for (std::size_t i = 0; i < words.size(); ++i)
            words[i] = _words[i].load(std::memory_order_acquire);
        if (version % 2 == 1 || _version.load(std::memory_order_relaxed) != version) continue;
        using std::chrono::milliseconds;
        return Value{idOf(words[0]) + idOf(words[1]), idOf(words[2]),
                     std::chrono::microseconds(static_cast<std::int64_t>(words[3])),
                     std::chrono::sys_time<milliseconds>(milliseconds(static_cast<std::int64_t>(words[4])))};
    }
    return std::nullopt;
}

}  // namespace changebank::daemon
