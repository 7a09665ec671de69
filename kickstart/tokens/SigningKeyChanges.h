#pragma once

#include <map>
#include <utility>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/values/BodyReader.h"

namespace changebank::kickstart {

/// The ids of the keys that sign an application's access tokens and id tokens, by the application's id.
using SigningKeys = std::map<Uuid, std::pair<Uuid, Uuid>>;

SigningKeys signingKeysOf(const DirectoryState& state);

/// Tells by the event jwt.public-key.update of the applications whose keys are others than before, at `now`,
/// in milliseconds since the epoch.
void publishKeyChanges(DirectoryState& state, const SigningKeys& before, std::int64_t now);

/// Notes a key of a `jwtConfiguration` that does not exist.
void requireKnownKeys(const BodyReader& jwtConfiguration, const DirectoryState& state);

}  // namespace changebank::kickstart
