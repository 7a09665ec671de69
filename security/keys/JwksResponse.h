#pragma once

#include <memory>
#include <variant>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// A key server's response that may be used.
struct JwksResponse {
    /// The new keys, at least one of them usable; nullptr if the response confirmed the previous ones (304).
    std::shared_ptr<const JwkSet> keys;

    /// Evaluates one fetch. Only a confirmation of `previous` (the last good keys, nullptr if there are none)
    /// or a key set with a usable key is a success; everything else is a failure, so that it never replaces
    /// good keys. Pure and thread-safe.
    static std::variant<JwksResponse, FetchFailure> evaluate(const FetchResult& result,
                                                             const JwkSet* previous);
};

}  // namespace changebank::security
