#include "changebank/security/revocation/PackedRevocation.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>

namespace changebank::security {

// The lengths of all textMembers, then the textMembers.

namespace {

constexpr std::array textMembers{&Revocation::session, &Revocation::user, &Revocation::application,
                                 &Revocation::tenant, &Revocation::reason};

using Lengths = std::array<std::uint16_t, textMembers.size()>;
static_assert(Revocation::maxIdSize <= UINT16_MAX);

std::size_t sizeFor(const Lengths& lengths) {
    return std::accumulate(lengths.begin(), lengths.end(), sizeof(lengths));
}

Lengths lengthsIn(const char* data) {
    Lengths lengths;
    std::memcpy(lengths.data(), data, sizeof(lengths));
    return lengths;
}

}  // namespace

PackedRevocation::PackedRevocation(const Revocation& revocation) {
    Lengths lengths;
    for (std::size_t i = 0; i < textMembers.size(); ++i)
        lengths[i] = static_cast<std::uint16_t>((revocation.*textMembers[i]).size());
    _data.reset(new char[sizeFor(lengths)]);
    std::memcpy(_data.get(), lengths.data(), sizeof(lengths));
    auto* end = _data.get() + sizeof(lengths);
    for (std::size_t i = 0; i < textMembers.size(); ++i) {
        std::memcpy(end, (revocation.*textMembers[i]).data(), lengths[i]);
        end += lengths[i];
    }
}

void PackedRevocation::unpack(Revocation& into) const {
    const auto lengths = lengthsIn(_data.get());
    const auto* from = _data.get() + sizeof(lengths);
    for (std::size_t i = 0; i < textMembers.size(); ++i) {
        (into.*textMembers[i]).assign(from, lengths[i]);
        from += lengths[i];
    }
}

std::size_t PackedRevocation::bytes() const noexcept {
    constexpr std::size_t unit = 2 * sizeof(std::size_t);
    if (!_data) return 0;
    return (sizeFor(lengthsIn(_data.get())) + sizeof(std::size_t) + unit - 1) / unit * unit;
}

}  // namespace changebank::security
