#pragma once

#include <map>
#include <utility>

#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/values/BodyReader.h"

namespace changebank::kickstart {

/// The ids of the keys that sign an application's access tokens and id tokens, by the application's id.
using SigningKeys = std::map<Uuid, std::pair<Uuid, Uuid>>;

SigningKeys signingKeysOf(const DirectoryState& state);

/// Publishes the event jwt.public-key.update for the applications whose keys differ from `before`, at `now`,
/// in milliseconds since the epoch.
void publishKeyChanges(DirectoryState& state, const SigningKeys& before, std::int64_t now);

/// Adds an error for each key of a `jwtConfiguration` that does not exist.
void requireKnownKeys(const BodyReader& jwtConfiguration, const DirectoryState& state);

}  // namespace changebank::kickstart
