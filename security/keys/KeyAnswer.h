#pragma once

#include <memory>
#include <variant>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/JwksFetcher.h"

namespace changebank::security {

/// A good answer of a key server.
struct KeyAnswer {
    /// The keys that it brought, one of them usable at least; nullptr where it confirmed those at hand.
    std::shared_ptr<const JwkSet> keys;

    /// What an exchange is worth. Nothing but a confirmation of `previous` (the last good keys, nullptr if
    /// there are none) or a key set with a usable key is a good answer; every other is a failure, so that it
    /// never takes the place of good keys.
    static std::variant<KeyAnswer, FetchFailure> judge(const FetchResult& result, const JwkSet* previous);
};

}  // namespace changebank::security
