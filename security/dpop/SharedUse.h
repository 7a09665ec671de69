#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "changebank/security/dpop/ReplayStore.h"
#include "changebank/security/dpop/SharedReplays.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// How servers share the uses of proofs.
struct ReplaySharing {
    /// nullptr: they do not.
    std::shared_ptr<SharedReplays> store{};
    /// Whether a proof passes when the store does not answer, if it was not used at this server.
    bool passesWhenUnavailable = false;
};

/// The use of a proof that is good at this server: what the others know of it decides. For one caller at a
/// time.
class SharedUse {
public:
    /// The sharing has a store.
    SharedUse(ReplaySharing sharing, SharedReplays::Use use);

    /// The use for the store. Its id is a hash of all but the caller and the time.
    static SharedReplays::Use describe(const ReplayStore::Use& use, std::chrono::milliseconds lifetime);

    /// Begins to wait for the store. Returns false if there is nothing to wait for; `ended` is then not
    /// called. Otherwise it is called once, from any thread, possibly during this call, and never after this
    /// object's destruction. It must not throw, wait or call this object. To be called once.
    bool begin(std::function<void()> ended);

    std::chrono::milliseconds maxWait() const { return _sharing.store->maxWait(); }

    /// After the end or a wait that was too long: Cause::dpopReplayed if the proof was used at another
    /// server, dpopStoreUnavailable if nobody knows and that matters, or std::nullopt.
    std::optional<Refusal> refusal() const;

private:
    ReplaySharing _sharing;
    SharedReplays::Use _use;
    /// Destroyed before the store.
    SharedReplays::Joined _joined = SharedReplays::Outcome::unavailable;
};

}  // namespace changebank::security
