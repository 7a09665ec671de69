#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// The keys as they stand at one moment: an immutable value, replaced as a whole.
struct KeySnapshot {
    /// The keys; nullptr while there are none to judge by.
    std::shared_ptr<const JwkSet> keys;
    /// Grows with every change of the keys, so that what was remembered under older keys can be told apart.
    std::uint64_t generation = 0;
    /// Why there are no keys: one of the causes of status 503. Meaningless while there are some.
    Cause cause = Cause::keysUnreachable;
};

/// Why a token asks for the keys to be fetched again.
enum class FetchReason : unsigned char {
    /// It cannot be verified: its key id is unknown, or there are no keys.
    keyMissing,
    /// Its signature does not match the key of its key id, which may be a new one. Anybody can make such a
    /// token.
    signatureInvalid,
};

/// Where the validator's keys come from. All members may be called from any thread.
class KeySource {
public:
    virtual ~KeySource() = default;

    /// The snapshot to judge by now. Never waits, never throws.
    virtual std::shared_ptr<const KeySnapshot> current() const = 0;

    /// The generation of `current()`, for those who want no more of it; a source that can tell it for less
    /// overrides this.
    virtual std::uint64_t generation() const { return current()->generation; }

    /// Whether a token justifies a fetch of the keys now. Never waits. If it returns false, the verdict under
    /// `current()` stands.
    virtual bool mayRefetch(FetchReason reason) const = 0;

    /// Has the keys fetched again, or joins the fetch under way, and waits for its end or the source's
    /// deadline, whichever is first. Returns the snapshot that then holds. A source that spends a budget on
    /// fetches spends it here; when the budget is gone it returns at once.
    virtual std::shared_ptr<const KeySnapshot> refetch(FetchReason reason) = 0;

    /// When it is worth trying again after an answer of status 503, in whole seconds, at least 1.
    virtual std::chrono::seconds retryAfter() const = 0;
};

/// Keys that never change, for tests and for key sets that are read from a file.
class FixedKeySource : public KeySource {
public:
    explicit FixedKeySource(std::shared_ptr<const JwkSet> keys)
        : _snapshot(std::make_shared<KeySnapshot>(KeySnapshot{std::move(keys), 1, Cause::keysUnusable})) {}

    std::shared_ptr<const KeySnapshot> current() const override { return _snapshot; }
    std::uint64_t generation() const override { return _snapshot->generation; }
    bool mayRefetch(FetchReason) const override { return false; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason) override { return _snapshot; }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(1); }

private:
    std::shared_ptr<const KeySnapshot> _snapshot;
};

}  // namespace changebank::security
