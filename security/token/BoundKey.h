#pragma once

#include <atomic>
#include <memory>

#include "changebank/security/jose/JsonWebKey.h"

namespace changebank::security {

/// A place for the key that a token is bound to, so that it is built for the first proof only. Usable from
/// any thread; takes no lock.
class BoundKey {
public:
    BoundKey() = default;
    BoundKey(const BoundKey&) = delete;
    BoundKey& operator=(const BoundKey&) = delete;
    ~BoundKey() { delete _kept.load(); }

    /// nullptr until the first keep(). Valid as long as this object.
    const JsonWebKey* get() const noexcept {
        const auto* kept = _kept.load(std::memory_order_acquire);
        return kept ? kept->get() : nullptr;
    }

    /// Keeps a key, not nullptr, unless one is kept already. Both must have the thumbprint of the token.
    void keep(std::shared_ptr<const JsonWebKey> key) const {
        auto own = std::make_unique<const std::shared_ptr<const JsonWebKey>>(std::move(key));
        const std::shared_ptr<const JsonWebKey>* none = nullptr;
        if (_kept.compare_exchange_strong(none, own.get(), std::memory_order_acq_rel)) own.release();
    }

private:
    mutable std::atomic<const std::shared_ptr<const JsonWebKey>*> _kept{nullptr};
};

}  // namespace changebank::security
