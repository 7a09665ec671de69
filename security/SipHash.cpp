#include "security/SipHash.h"

#include <Poco/Exception.h>
#include <openssl/rand.h>

#include <bit>

#include "security/OctetWord.h"

namespace changebank::security {

namespace {

struct State {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void round() noexcept {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }

    void absorb(std::uint64_t word) noexcept {
        v3 ^= word;
        round();
        v0 ^= word;
    }
};

}  // namespace

SipHash SipHash::withRandomSecret() {
    Secret secret{};
    if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), sizeof secret) != 1)
        throw Poco::RuntimeException("OpenSSL has no random octets");
    return SipHash(secret);
}

std::uint64_t SipHash::operator()(std::string_view text) const noexcept {
    State state{_secret[0] ^ 0x736f6d6570736575ULL, _secret[1] ^ 0x646f72616e646f6dULL,
                _secret[0] ^ 0x6c7967656e657261ULL, _secret[1] ^ 0x7465646279746573ULL};
    constexpr std::size_t wordSize = sizeof(std::uint64_t);
    std::size_t position = 0;
    for (; position + wordSize <= text.size(); position += wordSize)
        state.absorb(octetWord(text.data() + position));
    const auto rest = octetWord(text.data() + position, text.size() - position);
    state.absorb(rest | (static_cast<std::uint64_t>(text.size()) << 56U));
    state.v2 ^= 0xffU;
    for (int i = 0; i < 3; ++i)
        state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace changebank::security
