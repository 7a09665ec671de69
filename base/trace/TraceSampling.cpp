#include "changebank/base/trace/TraceSampling.h"

#include <algorithm>

#include "changebank/base/text/Hex.h"

namespace changebank {

namespace {

constexpr std::uint64_t allIds = std::uint64_t{1} << 56U;

}  // namespace

TraceSampling TraceSampling::ofRatio(double ratio) noexcept {
    const auto share = std::clamp(ratio, 0.0, 1.0);
    return {true, static_cast<std::uint64_t>(share * static_cast<double>(allIds))};
}

bool TraceSampling::samples(std::string_view traceId) const noexcept {
    constexpr std::size_t digits = 14;
    return numberOfHex(traceId.substr(traceId.size() - digits)) < threshold;
}

}  // namespace changebank
