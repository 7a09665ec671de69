#pragma once

#include <cstddef>
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

/// A set of public keys for signatures (RFC 7517 section 5). Immutable, usable from any thread.
class JwkSet {
public:
    /// Bytes, nesting and values of a document at the most.
    static constexpr JsonLimits limits{std::size_t{1024} * 1024, 8, 100'000};

    /// A key that was left out, and why.
    struct Skipped {
        /// Its place in the document, counted from 0.
        std::size_t index;
        /// Its `kid`; empty if it has none.
        std::string keyId;
        std::string reason;
    };

    using Parsed = std::variant<std::shared_ptr<const JwkSet>, Cause>;

    /// Reads a key set document. An unusable key is skipped and the rest serves, so the set may be empty.
    /// Refused: Cause::keysNotJson, Cause::keysMalformed (no array `keys` of objects). Keys that `previous`
    /// has under the very same JWK are taken over, which saves their checks.
    static Parsed parse(std::string_view document, const JwkSet* previous = nullptr);

    /// The one key for a token: by the algorithm's family, the header's `kid` if it has one, and the JWK's
    /// `alg` if that has one. Otherwise Cause::noMatchingKey, or Cause::multipleMatchingKeys as jose has it.
    /// The key lives as long as the set.
    std::variant<const JsonWebKey*, Cause> select(Algorithm algorithm,
                                                  const std::optional<std::string>& keyId) const noexcept;

    /// As select(), for an `alg` of a known family (by its first two letters) that is no algorithm of ours:
    /// the cause that jose 4 gives, which depends on the keys.
    Cause causeForUnknown(std::string_view algorithm, const std::optional<std::string>& keyId) const noexcept;

    /// The usable keys, in the order of the document.
    const std::vector<std::shared_ptr<const JsonWebKey>>& keys() const noexcept { return _keys; }

    const std::vector<Skipped>& skipped() const noexcept { return _skipped; }

    bool empty() const noexcept { return _keys.empty(); }

    /// How many keys there are and how many were skipped, the first of them with their reasons, as one line
    /// for an operator. Key ids in it are escaped.
    std::string summary() const;

    /// True if both sets have the same usable keys, each as often as the other, in any order.
    bool hasSameKeysAs(const JwkSet& other) const;

private:
    using Candidates = std::vector<const JsonWebKey*>;

    void add(std::string text, std::shared_ptr<const JsonWebKey> key);
    const Candidates& candidates(const std::optional<std::string>& keyId) const noexcept;

    std::vector<std::shared_ptr<const JsonWebKey>> _keys;
    std::unordered_multimap<std::string, std::shared_ptr<const JsonWebKey>> _keysByText;
    std::unordered_map<std::string, Candidates> _keysById;
    Candidates _all;
    std::vector<Skipped> _skipped;
};

}  // namespace changebank::security
