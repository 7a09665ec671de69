#pragma once

#include "changebank/base/system/Clock.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// The ids of the objects that FusionAuth creates before it runs a kickstart.
struct InstallationIds {
    Uuid tenant = Uuid::random();
    Uuid signingKey = Uuid::random();
};

/// The id of FusionAuth's own administration application; it is the same everywhere.
inline constexpr std::string_view administrationApplicationId = "3c219e58-ed0e-4b18-ad48-f4f92793ae32";

/// The state of an unconfigured FusionAuth: the default tenant with the issuer acme.com, this signing key and
/// FusionAuth's administration application; no users, no API keys.
DirectoryState freshInstallation(const InstallationIds& ids, const Clock& clock,
                                 std::shared_ptr<const SigningKey> key);

}  // namespace changebank::kickstart
