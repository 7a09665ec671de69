#pragma once

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/User.h"

namespace changebank::kickstart {

/// Adds the claims about a user (OpenID Connect Core 1.0 section 5.1) that belong to a scope (section 5.4).
/// Claims without a value are left out.
void addEmailClaims(Poco::JSON::Object& claims, const User& user);
void addProfileClaims(Poco::JSON::Object& claims, const User& user);
void addPhoneClaims(Poco::JSON::Object& claims, const User& user);

}  // namespace changebank::kickstart
