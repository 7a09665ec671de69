#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

/// The keys at one moment: an immutable value, replaced as a whole.
struct KeySnapshot {
    /// The keys; nullptr while there are none.
    std::shared_ptr<const JwkSet> keys;
    /// Grows with every change of the keys; cached tokens of another generation are not used.
    std::uint64_t generation = 0;
    /// Why there are no keys: one of the causes of status 503. Meaningless while there are some.
    Cause cause = Cause::keysUnreachable;
};

/// Why a token requires a fetch of the keys.
enum class FetchReason : unsigned char {
    /// Its key id is unknown, or there are no keys.
    keyMissing,
    /// Its signature does not match the key of its key id, which may have been replaced. Anybody can make
    /// such a token.
    signatureInvalid,
};

/// Where the validator's keys come from. All members may be called from any thread.
class KeySource {
public:
    virtual ~KeySource() = default;

    /// The snapshot to verify with. Never waits, never throws.
    virtual std::shared_ptr<const KeySnapshot> current() const = 0;

    /// The generation of current(). Override it if it can be read at less cost.
    virtual std::uint64_t generation() const { return current()->generation; }

    /// Whether a token may cause a fetch of the keys, or join one, now. Never waits. If it returns false, the
    /// result under current() is final.
    virtual bool mayRefetch(FetchReason reason) const = 0;

    /// Fetches the keys or joins the fetch under way, and waits for its end or the source's deadline,
    /// whichever comes first. Returns the snapshot that then holds; at once if that is not of the generation
    /// `seen`, under which the caller found the reason. A source with a budget for fetches spends it here,
    /// and returns at once when it is used up. If too many wait already, returns at once as well: a snapshot
    /// without keys, with Cause::keysBusy.
    virtual std::shared_ptr<const KeySnapshot> refetch(FetchReason reason, std::uint64_t seen) = 0;

    /// A place among those who wait for a fetch. Its destructor gives it up.
    class Place {
    public:
        virtual ~Place() = default;
    };
    using Joined = std::variant<std::unique_ptr<Place>, std::shared_ptr<const KeySnapshot>>;

    /// Like refetch(), without waiting: returns a place, or the snapshot that decides if there is nothing to
    /// wait for. `ended` is called when the fetch has ended, once, from any thread, possibly during this
    /// call, but not after the place was destroyed. It must not throw, wait or call this source. The source
    /// must outlive the place. The default calls refetch(): override it for a source that waits.
    virtual Joined join(FetchReason reason, std::uint64_t seen, std::function<void()> ended);

    /// How long a caller should wait in a place.
    virtual std::chrono::milliseconds maxWait() const { return std::chrono::seconds(5); }

    /// The Retry-After of a 503: whole seconds, at least 1.
    virtual std::chrono::seconds retryAfter() const = 0;
};

inline KeySource::Joined KeySource::join(FetchReason reason, std::uint64_t seen, std::function<void()>) {
    return refetch(reason, seen);
}

/// Keys that never change, for tests and for key sets read from a file.
class FixedKeySource : public KeySource {
public:
    explicit FixedKeySource(std::shared_ptr<const JwkSet> keys)
        : _snapshot(std::make_shared<KeySnapshot>(KeySnapshot{std::move(keys), 1, Cause::keysUnusable})) {}

    std::shared_ptr<const KeySnapshot> current() const override { return _snapshot; }
    std::uint64_t generation() const override { return _snapshot->generation; }
    bool mayRefetch(FetchReason) const override { return false; }
    std::shared_ptr<const KeySnapshot> refetch(FetchReason, std::uint64_t) override { return _snapshot; }
    std::chrono::seconds retryAfter() const override { return std::chrono::seconds(1); }

private:
    std::shared_ptr<const KeySnapshot> _snapshot;
};

}  // namespace changebank::security
