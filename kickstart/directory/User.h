#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/directory/PasswordHash.h"
#include "changebank/kickstart/directory/Registration.h"
#include "changebank/kickstart/values/Uuid.h"

namespace changebank::kickstart {

/// A person who can log in. Instants are milliseconds since the epoch.
struct User {
    Uuid id;
    Uuid tenantId;
    /// In lower case; empty if the user has none. At least one of email and username is set.
    std::string email;
    std::string username;
    PasswordHash password;
    /// Members that are stored and returned without an effect: names, birth date, free data and the like, by
    /// FusionAuth's names.
    std::map<std::string, Json> profile{};
    std::int64_t insertInstant = 0;
    std::int64_t lastLoginInstant = 0;
    std::map<Uuid, Registration> registrations{};
    std::int64_t lastUpdateInstant = 0;
    std::int64_t passwordLastUpdateInstant = 0;
    /// False for a deactivated user, who cannot log in.
    bool active = true;

    /// Whether this is the user's email address or username, case-insensitively.
    bool hasLoginId(const std::string& loginId) const;

    const Registration* registrationWith(const Uuid& applicationId) const;

    /// The profile's member with this name, or nullptr.
    const Json* profileMember(std::string_view name) const;

    /// The object in FusionAuth's responses; without the password.
    Poco::JSON::Object toJson() const;
};

}  // namespace changebank::kickstart
