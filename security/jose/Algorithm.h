#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::security {

/// The supported signature algorithms (RFC 7518 section 3.1, RFC 8037, RFC 9864). HMAC and "none" are not
/// supported: a resource server has public keys only.
enum class Algorithm : unsigned char {
    rs256,
    rs384,
    rs512,
    ps256,
    ps384,
    ps512,
    es256,
    es384,
    es512,
    ed25519
};

inline constexpr std::size_t algorithmCount = static_cast<std::size_t>(Algorithm::ed25519) + 1;

/// The kind of key that an algorithm needs. Each elliptic curve is a family of its own, so that an algorithm
/// is never used with a key of another curve.
enum class KeyFamily : unsigned char { rsa, p256, p384, p521, ed25519 };

struct AlgorithmTraits {
    Algorithm algorithm;
    /// The name in the header parameter `alg`.
    std::string_view name;
    KeyFamily family;
    /// OpenSSL's name of the digest; nullptr if the algorithm includes one.
    const char* digest;
    /// True for RSASSA-PSS with MGF1 over the same digest and a salt as long as the digest (RFC 7518
    /// section 3.5).
    bool probabilistic;
};

const AlgorithmTraits& traitsOf(Algorithm algorithm) noexcept;

/// The algorithm of that exact name; "EdDSA" is an alias of "Ed25519". std::nullopt for any other text.
std::optional<Algorithm> algorithmNamed(std::string_view name) noexcept;

/// An allow-list of algorithms.
class AlgorithmSet {
public:
    AlgorithmSet() = default;
    AlgorithmSet(std::initializer_list<Algorithm> algorithms) {
        for (const auto algorithm : algorithms)
            insert(algorithm);
    }

    /// Every supported algorithm.
    static AlgorithmSet all() noexcept;

    /// Parses a comma-separated list of names; std::nullopt if it is empty or has an unknown name.
    static std::optional<AlgorithmSet> parse(std::string_view list);

    void insert(Algorithm algorithm) noexcept { _bits.set(static_cast<std::size_t>(algorithm)); }
    bool contains(Algorithm algorithm) const noexcept {
        return _bits.test(static_cast<std::size_t>(algorithm));
    }
    bool empty() const noexcept { return _bits.none(); }

    /// The first of the set, in the order of the enumerators, for each kind of key.
    AlgorithmSet firstOfEachFamily() const noexcept;

    /// The names, in the order of the enumerators.
    std::vector<std::string> names() const;

    /// The names, separated by commas, in the order of the enumerators.
    std::string toText() const;

    friend bool operator==(const AlgorithmSet&, const AlgorithmSet&) = default;

private:
    std::bitset<algorithmCount> _bits;
};

}  // namespace changebank::security
