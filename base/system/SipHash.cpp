#include "changebank/base/system/SipHash.h"

#include <bit>
#include <cstddef>
#include <cstring>

#include "changebank/base/system/RandomBytes.h"

namespace changebank {

namespace {

/// The four words of the state, named as in the paper.
struct SipState {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void round() noexcept {
        v0 += v1;
        v2 += v3;
        v1 = std::rotl(v1, 13) ^ v0;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 = std::rotl(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = std::rotl(v1, 17) ^ v2;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 = std::rotl(v2, 32);
    }

    void absorb(std::uint64_t word) noexcept {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

/// Up to eight bytes, the first one lowest.
std::uint64_t littleEndian(std::string_view bytes) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        if (bytes.size() == sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data(), sizeof(word));
            return word;
        }
    }
    std::uint64_t word = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        word = word << 8U | static_cast<unsigned char>(bytes[i]);
    return word;
}

}  // namespace

SipKey SipKey::random() {
    const auto bytes = randomBytes(2 * sizeof(std::uint64_t));
    const std::string_view view(bytes);
    return {littleEndian(view.substr(0, sizeof(std::uint64_t))),
            littleEndian(view.substr(sizeof(std::uint64_t)))};
}

std::uint64_t sipHash(std::string_view text, const SipKey& key) noexcept {
    SipState state{key.first ^ 0x736f6d6570736575U, key.second ^ 0x646f72616e646f6dU,
                   key.first ^ 0x6c7967656e657261U, key.second ^ 0x7465646279746573U};
    const auto last = std::uint64_t{text.size()} << 56U;
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t)))
        state.absorb(littleEndian(text.substr(0, sizeof(std::uint64_t))));
    state.absorb(last | littleEndian(text));
    state.v2 ^= 0xffU;
    for (int i = 0; i < 4; ++i)
        state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace changebank
