#pragma once

#include <cstddef>
#include <memory>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::security {

/// The texts of a revocation in one piece of memory, since a list may hold a million of them. Immutable.
class PackedRevocation {
public:
    /// Of no revocation.
    PackedRevocation() = default;
    /// The revocation has no fault().
    explicit PackedRevocation(const Revocation& revocation);

    /// Sets the texts of a revocation to these, and leaves its instant. Not for the one of no revocation.
    void unpack(Revocation& into) const;

    /// What it takes besides itself, with the allocator's part.
    std::size_t bytes() const noexcept;

private:
    std::unique_ptr<char[]> _data;
};

}  // namespace changebank::security
