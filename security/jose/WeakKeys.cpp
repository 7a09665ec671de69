#include "changebank/security/jose/WeakKeys.h"

#include <algorithm>
#include <array>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::security {

namespace {

/// The odd primes among the first 39; their product divides the generator's modulus for every key size.
constexpr std::array<unsigned, 38> primes{3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                          47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                          107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
constexpr unsigned generator = 65537;

bool isPowerOfGenerator(unsigned residue, unsigned prime) {
    unsigned power = 1;
    do {
        if (power == residue) return true;
        power = power * (generator % prime) % prime;
    } while (power != 1);
    return false;
}

using Encoding = std::array<unsigned char, 32>;

constexpr Encoding filled(unsigned char first, unsigned char middle, unsigned char last) {
    Encoding encoding{};
    encoding.fill(middle);
    encoding.front() = first;
    encoding.back() = last;
    return encoding;
}

/// The y coordinates, little endian with the sign bit clear, of the points whose order divides 8: 0, 1, the
/// two of order 8, p - 1, and the non-canonical p and p + 1.
constexpr std::array<Encoding, 7> smallOrderPoints{{
    filled(0x00, 0x00, 0x00),
    filled(0x01, 0x00, 0x00),
    {0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
     0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05},
    {0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
     0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A},
    filled(0xEC, 0xFF, 0x7F),
    filled(0xED, 0xFF, 0x7F),
    filled(0xEE, 0xFF, 0x7F),
}};

/// Parses a hexadecimal number; nullptr if out of memory.
BigNumber numberOf(const char* hexadecimal) {
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, hexadecimal);
    return BigNumber(number);
}

}  // namespace

bool hasRocaFingerprint(const BIGNUM& modulus) {
    return std::all_of(primes.begin(), primes.end(), [&modulus](unsigned prime) {
        return isPowerOfGenerator(static_cast<unsigned>(BN_mod_word(&modulus, prime)), prime);
    });
}

bool isEdwardsPoint(std::string_view encoded) {
    constexpr int coordinateSize = 32;
    constexpr int signBit = 255;
    if (encoded.size() != coordinateSize) return false;
    const auto p = numberOf("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFED");
    const auto d = numberOf("52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3");
    const BigNumber y(BN_lebin2bn(asBytes(encoded), coordinateSize, nullptr));
    const BigNumber u(BN_new());
    const BigNumber v(BN_new());
    const BigNumberContext context(BN_CTX_new());
    if (!p || !d || !y || !u || !v || !context) return false;
    BN_mask_bits(y.get(), signBit);
    if (BN_cmp(y.get(), p.get()) >= 0) return false;
    // x^2 = u / v with u = y^2 - 1 and v = d y^2 + 1. v is never zero, so u / v is a square exactly if u v
    // is.
    const bool isComputed = BN_mod_sqr(u.get(), y.get(), p.get(), context.get()) == 1 &&
                            BN_mod_mul(v.get(), d.get(), u.get(), p.get(), context.get()) == 1 &&
                            BN_sub_word(u.get(), 1) == 1 && BN_add_word(v.get(), 1) == 1 &&
                            BN_mod_mul(u.get(), u.get(), v.get(), p.get(), context.get()) == 1;
    return isComputed && BN_kronecker(u.get(), p.get(), context.get()) >= 0;
}

bool isSmallOrderPoint(std::string_view encoded) noexcept {
    Encoding point{};
    if (encoded.size() != point.size()) return false;
    std::transform(encoded.begin(), encoded.end(), point.begin(),
                   [](char c) { return static_cast<unsigned char>(c); });
    point.back() &= 0x7F;
    return std::find(smallOrderPoints.begin(), smallOrderPoints.end(), point) != smallOrderPoints.end();
}

}  // namespace changebank::security
