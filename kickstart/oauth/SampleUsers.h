#pragma once

#include <vector>

#include "changebank/kickstart/directory/Directory.h"

namespace changebank::kickstart {

/// A user of the kickstart who can still log in with the kickstart's password; references into the state.
struct SampleUser {
    const SampleLogin& login;
    const User& user;
};

/// Those of a tenant, each once, in the order of the kickstart.
std::vector<SampleUser> sampleUsersOf(const DirectoryState& state, const Uuid& tenantId);

}  // namespace changebank::kickstart
