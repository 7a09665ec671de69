#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kickstart/BodyReader.h"
#include "kickstart/Uuid.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// That a user belongs to an application, and with which roles. Instants are milliseconds since the epoch.
struct Registration {
    Uuid id;
    Uuid applicationId;
    /// In the order in which they were given; each one is a role of the application.
    std::vector<std::string> roles;
    std::int64_t insertInstant = 0;
    std::int64_t lastLoginInstant = 0;
    std::int64_t lastUpdateInstant = 0;
    /// What is only shown again: free data, username and the like, by FusionAuth's member names.
    security::Json::Object profile{};

    /// Takes over what the object says of the profile; a null takes a member away.
    void readProfile(const BodyReader& sent);

    /// The object that FusionAuth's answers show.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
