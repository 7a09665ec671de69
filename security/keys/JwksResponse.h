#pragma once

#include <memory>
#include <optional>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// What a key server's response means.
struct JwksResponse {
    /// The keys of the response, usable or not; nullptr if it has no key set.
    std::shared_ptr<const JwkSet> keys;
    /// Why the response cannot be used; std::nullopt if it has usable keys or confirms the previous ones
    /// (304).
    std::optional<FetchFailure> failure;

    /// Evaluates one fetch. `previous` is the last key set that was read, nullptr if there was none; see
    /// JwkSet::parse(). Thread-safe.
    static JwksResponse evaluate(const FetchResult& result, const JwkSet* previous,
                                 const JwkSetBounds& bounds = {});
};

}  // namespace changebank::security
