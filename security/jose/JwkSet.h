#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "changebank/security/jose/JsonWebKey.h"
#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// Bounds the work of reading a key set.
struct JwkSetBounds {
    /// Entries beyond that many are ignored.
    std::size_t maxKeys = 500;
    /// Asked before each check of a key, which takes up to a fifth of a second. Once it returns false,
    /// entries that were not checked before are skipped. Empty: always true.
    std::function<bool()> mayCheck{};
};

/// A set of public keys for signatures (RFC 7517 section 5). Immutable, usable from any thread.
class JwkSet {
public:
    /// The maximum size of a document, in bytes.
    static constexpr std::size_t maxSize = std::size_t{1024} * 1024;

    /// Limits of one entry.
    static constexpr JsonLimits limits{};

    /// A key of the document that cannot be used.
    struct Skipped {
        /// Its position in the document, from 0.
        std::size_t index;
        /// Its `kid`; empty if it has none.
        std::string keyId;
        std::string reason;
    };

    using Parsed = std::variant<std::shared_ptr<const JwkSet>, Cause>;

    JwkSet() = default;
    JwkSet(const JwkSet&) = delete;
    JwkSet& operator=(const JwkSet&) = delete;

    /// Parses a key set document; a byte order mark before it is skipped. Fails with Cause::keysNotJson or
    /// Cause::keysMalformed (no array `keys`). Entries are read one by one: those that are not JSON or not a
    /// usable key are skipped, so the set may be empty. Other members of the document are not read. A JWK is
    /// checked once, even if the document repeats it, and a JWK that `previous` has keeps its result from
    /// there, usable or not. This saves time and makes results stable: OpenSSL's check of an RSA modulus is
    /// probabilistic and accepts some bad moduli in some runs only.
    static Parsed parse(std::string_view document, const JwkSet* previous = nullptr,
                        const JwkSetBounds& bounds = {});

    /// The only key that fits a token: by the algorithm's family, by the header's `kid` if it has one, and by
    /// the JWK's `alg` if that has one. Otherwise Cause::noMatchingKey, or Cause::multipleMatchingKeys under
    /// jose's rules. The key is valid as long as the set.
    std::variant<const JsonWebKey*, Cause> select(Algorithm algorithm,
                                                  const std::optional<std::string>& keyId) const noexcept;

    /// Like select(), for an `alg` of a known family (by its first two letters) that we do not support: the
    /// cause that jose 4 reports, which depends on the keys.
    Cause causeForUnknown(std::string_view algorithm, const std::optional<std::string>& keyId) const noexcept;

    /// The usable keys, in the order of the document.
    const std::vector<std::shared_ptr<const JsonWebKey>>& keys() const noexcept { return _keys; }

    const std::vector<Skipped>& skipped() const noexcept { return _skipped; }

    bool empty() const noexcept { return _keys.empty(); }

    /// False if mayCheck() ended the import before all entries were checked. Another parse of the same
    /// document with this set as `previous` continues there.
    bool isComplete() const noexcept { return _isComplete; }

    /// A one-line summary for the operator: how many keys were read, skipped and ignored, and the first
    /// skipped ones, by key id or else by position, with their reasons. Key ids in it are escaped.
    std::string summary() const;

    /// True if both sets have the same usable keys, each the same number of times, in any order.
    bool hasSameKeysAs(const JwkSet& other) const;

private:
    using Candidates = std::vector<const JsonWebKey*>;

    /// By the text of the JWK.
    using Imports = std::unordered_map<std::string, JsonWebKey::Imported>;

    void read(std::size_t index, std::string_view entry, const JwkSet* previous, const JwkSetBounds& bounds);
    /// The result for a JWK, which is new or from `previous`; nullptr if it may not be checked now.
    const Imports::value_type* import(const Json& jwk, const JwkSet* previous, const JwkSetBounds& bounds);
    void add(std::string_view text, const std::shared_ptr<const JsonWebKey>& key);
    const Candidates& candidates(const std::optional<std::string>& keyId) const noexcept;

    std::vector<std::shared_ptr<const JsonWebKey>> _keys;
    Imports _imports;
    /// The texts of the usable keys, sorted; views of _imports.
    std::vector<std::string_view> _texts;
    std::unordered_map<std::string, Candidates> _keysById;
    Candidates _all;
    std::vector<Skipped> _skipped;
    /// Entries beyond the maximum.
    std::size_t _ignored = 0;
    bool _isComplete = true;
};

}  // namespace changebank::security
