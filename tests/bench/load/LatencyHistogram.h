#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace changebank::bench {

/// Counts durations in nanoseconds in buckets of one part in 64 of their value, as HdrHistogram does, so that
/// every percentile is right to 1.6 percent however many values there are. A value; for one thread.
class LatencyHistogram {
public:
    void record(std::uint64_t nanoseconds) {
        ++_counts[bucketOf(nanoseconds)];
        ++_total;
        if (nanoseconds > _longest) _longest = nanoseconds;
    }

    std::uint64_t total() const { return _total; }
    std::uint64_t longest() const { return _longest; }

    /// The least duration that at least the part `quantile` (0 to 1) of all values does not exceed, rounded
    /// up to the end of its bucket; 0 if there is no value.
    std::uint64_t at(double quantile) const {
        const auto wanted = static_cast<std::uint64_t>(quantile * static_cast<double>(_total));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
            seen += _counts[bucket];
            if (seen > wanted || (seen == _total && _total > 0)) return endOf(bucket);
        }
        return 0;
    }

private:
    static constexpr unsigned precisionBits = 6;
    static constexpr std::size_t perOctave = std::size_t{1} << precisionBits;
    static constexpr std::size_t buckets = perOctave * (64 - precisionBits + 1);

    static std::size_t bucketOf(std::uint64_t value) {
        if (value < perOctave) return static_cast<std::size_t>(value);
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - precisionBits - 1;
        return perOctave * (shift + 1) + static_cast<std::size_t>((value >> shift) - perOctave);
    }

    static std::uint64_t endOf(std::size_t bucket) {
        if (bucket < perOctave) return bucket;
        const auto shift = bucket / perOctave - 1;
        return ((std::uint64_t{bucket % perOctave} + perOctave + 1) << shift) - 1;
    }

    std::array<std::uint64_t, buckets> _counts{};
    std::uint64_t _total = 0;
    std::uint64_t _longest = 0;
};

}  // namespace changebank::bench
