#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kickstart/PasswordHash.h"
#include "kickstart/Registration.h"
#include "kickstart/TwoFactorMethod.h"
#include "kickstart/Uuid.h"
#include "kickstart/Verification.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// A login that has one factor of two.
struct PendingLogin {
    /// FusionAuth's `twoFactorId`. A secret.
    Uuid id;
    /// Milliseconds since the epoch.
    std::int64_t expiry = 0;
};

/// A person who can log in. Instants are milliseconds since the epoch.
struct User {
    Uuid id;
    Uuid tenantId;
    /// In lower case; empty if the user has none. At least one of email and username is set.
    std::string email;
    std::string username;
    PasswordHash password;
    /// What is only shown again: names, birth date, free data and the like, by FusionAuth's member names.
    security::Json::Object profile{};
    std::int64_t insertInstant = 0;
    std::int64_t lastLoginInstant = 0;
    std::map<Uuid, Registration> registrations{};
    std::int64_t lastUpdateInstant = 0;
    std::int64_t passwordLastUpdateInstant = 0;
    /// False for a user who was deactivated and cannot log in.
    bool active = true;
    bool passwordChangeRequired = false;
    /// By which a new password may be set, and until when; handed out by a login that asks for one.
    std::optional<Uuid> changePasswordId{};
    std::int64_t changePasswordExpiry = 0;
    /// When the account ends.
    std::optional<std::int64_t> expiry{};
    /// The wrong passwords that count at present, and the first one's time.
    std::int64_t failedLogins = 0;
    std::int64_t firstFailedLoginInstant = 0;
    /// Until when too many wrong passwords keep the user out; 0 if they do not.
    std::int64_t lockedUntil = 0;
    /// When the email address was verified; 0 if it was not.
    std::int64_t verifiedInstant = 0;
    /// By which it may be verified, if somebody has asked for that.
    std::optional<Verification> verification{};
    /// Without any, the password is enough to log in.
    std::vector<TwoFactorMethod> twoFactorMethods{};
    /// Each stands in for a code once. Secrets.
    std::set<std::string> recoveryCodes{};
    /// The login with a password that waits for a code.
    std::optional<PendingLogin> pendingLogin{};

    /// Whether the user logs in with this name: the email address or the username, whatever the case.
    bool hasLoginId(const std::string& loginId) const;

    const Registration* registrationWith(const Uuid& applicationId) const;

    /// What the profile has under that name, or nullptr.
    const security::Json* profileMember(std::string_view name) const;

    /// Takes a code of one of the authenticators at that second since the epoch, or a recovery code; each is
    /// good once.
    bool acceptSecondFactor(const std::string& code, std::int64_t second);

    /// The object that FusionAuth's answers show; never the password.
    security::Json toJson() const;
};

}  // namespace changebank::kickstart
