#pragma once

#include "kickstart/ApiRouter.h"
#include "kickstart/User.h"

namespace changebank::kickstart {

/// Takes over what the member `user` of a request's body says of a user; what it does not say stays. Notes
/// what cannot be, a name that another user has among it. Whether it brings a password.
bool readUser(ApiCall& call, User& user);

/// Puts the user whom the member `user` of the body describes into the state, and tells of it. nullptr if
/// something is in the way, which is noted, or if anything was noted before.
User* addUser(ApiCall& call, const Uuid& id, const Uuid& tenantId);

}  // namespace changebank::kickstart
