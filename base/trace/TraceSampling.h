#pragma once

#include <cstdint>
#include <string_view>

namespace changebank {

/// Whether a server makes traces of its requests, and how many of those that no caller has begun it samples.
/// A plain value.
struct TraceSampling {
    bool isOn = false;
    /// Of 2^56: how many trace ids are sampled.
    std::uint64_t threshold = 0;

    /// That of a share from 0 to 1.
    static TraceSampling ofRatio(double ratio) noexcept;

    /// Whether a trace of this id, which has 32 lower-case hexadecimal digits, is sampled. The last 56 bits
    /// decide, as everywhere else that samples by the id, so that all servers of a trace decide alike.
    bool samples(std::string_view traceId) const noexcept;

    friend bool operator==(const TraceSampling&, const TraceSampling&) = default;
};

}  // namespace changebank
