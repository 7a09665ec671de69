#include "kickstart/Authentication.h"

#include "kickstart/Instant.h"
#include "kickstart/RefreshTokenRevocation.h"

namespace changebank::kickstart {

namespace {

/// FusionAuth's default: ten minutes.
constexpr std::int64_t passwordChangeTime = 600 * millisecondsPerSecond;

/// Whether this wrong password is one too many.
bool countFailure(User& user, const FailedAuthenticationConfiguration& limits, std::int64_t now) {
    if (now - user.firstFailedLoginInstant >= limits.resetCountInSeconds * millisecondsPerSecond) {
        user.failedLogins = 0;
    }
    if (user.failedLogins == 0) user.firstFailedLoginInstant = now;
    ++user.failedLogins;
    if (user.failedLogins < limits.tooManyAttempts) return false;
    user.failedLogins = 0;
    user.lockedUntil = now + limits.actionDurationInSeconds * millisecondsPerSecond;
    return true;
}

}  // namespace

Authentication::Authentication(Directory& directory, const security::Clock& clock, int passwordIterations)
    : _directory(directory), _clock(clock), _nobody(PasswordHash::ofNothing(passwordIterations)) {}

Authentication::Result Authentication::authenticate(const std::string& loginId, const std::string& password) {
    const auto user = _directory.read([&](const DirectoryState& state) {
        const auto* found = state.findUser(loginId);
        return found ? std::optional<User>(*found) : std::nullopt;
    });
    const bool matches = (user ? user->password : _nobody).matches(password);
    if (!user) return {};
    return _directory.change([&](DirectoryState& state) { return judge(state, user->id, matches); });
}

Authentication::Result Authentication::judge(DirectoryState& state, const Uuid& userId, bool matches) const {
    // The user may have gone while the password was hashed.
    const auto found = state.users.find(userId);
    if (found == state.users.end()) return {};
    auto& user = found->second;
    const auto& tenant = state.tenants.at(user.tenantId);
    const auto now = instantOf(_clock);

    if (now < user.lockedUntil) {
        const auto& action = tenant.failedAuthentication.userActionId;
        return {action ? Outcome::prevented : Outcome::locked, user, action};
    }
    if (!matches) {
        if (countFailure(user, tenant.failedAuthentication, now) && tenant.jwt.revokesOnLoginPrevented) {
            RefreshTokenSelection all;
            all.userId = user.id;
            revokeRefreshTokens(state, all, now);
        }
        return {};
    }
    user.failedLogins = 0;
    if (!user.active) return {Outcome::locked, user};
    if (user.expiry && now >= *user.expiry) return {Outcome::expired, user};
    if (user.passwordChangeRequired) {
        user.changePasswordId = Uuid::random();
        user.changePasswordExpiry = now + passwordChangeTime;
        return {Outcome::passwordChangeRequired, user};
    }
    return {Outcome::authenticated, user};
}

}  // namespace changebank::kickstart
