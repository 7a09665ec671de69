#include "kickstart/Authentication.h"

#include <algorithm>

#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"

namespace changebank::kickstart {

namespace {

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

/// Lets a user in who has proven everything, or has the password changed first.
Authentication::Result admit(User& user, const Tenant& tenant, std::int64_t now) {
    using Outcome = Authentication::Outcome;
    user.failedLogins = 0;
    if (!user.passwordChangeRequired) return {Outcome::authenticated, user};
    user.changePasswordId = Uuid::random();
    user.changePasswordExpiry = now + tenant.lifetimes.passwordChange * millisecondsPerSecond;
    return {Outcome::passwordChangeRequired, user};
}

}  // namespace

Authentication::Authentication(Directory& directory, const security::Clock& clock, int passwordIterations)
    : _directory(directory), _clock(clock), _nobody(PasswordHash::ofNothing(passwordIterations)) {}

Authentication::Result Authentication::authenticate(const Uuid& tenantId, const std::string& loginId,
                                                    const std::string& password) {
    const auto user = _directory.read([&](const DirectoryState& state) {
        const auto* found = state.findUser(tenantId, loginId);
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
        noteFailure(state, user);
        return {};
    }
    if (!user.active) return {Outcome::locked, user};
    if (user.expiry && now >= *user.expiry) return {Outcome::expired, user};
    if (user.twoFactorMethods.empty()) return admit(user, tenant, now);
    // The password alone does not make up for wrong codes.
    user.pendingLogin = {Uuid::random(), now + tenant.lifetimes.twoFactor * millisecondsPerSecond};
    return {Outcome::twoFactorRequired, user};
}

Authentication::Result Authentication::complete(const Uuid& twoFactorId, const std::string& code) {
    return _directory.change([&](DirectoryState& state) {
        const auto now = instantOf(_clock);
        const auto found = std::find_if(state.users.begin(), state.users.end(), [&](const auto& entry) {
            const auto& pending = entry.second.pendingLogin;
            return pending && pending->id == twoFactorId && now < pending->expiry;
        });
        return found == state.users.end() ? Result{} : judgeCode(state, found->second, code);
    });
}

Authentication::Result Authentication::judgeCode(DirectoryState& state, User& user,
                                                 const std::string& code) const {
    const auto& tenant = state.tenants.at(user.tenantId);
    const auto now = instantOf(_clock);
    if (now < user.lockedUntil || !user.active) return {Outcome::locked, user};
    if (!user.acceptSecondFactor(code, now / millisecondsPerSecond)) {
        noteFailure(state, user);
        return {Outcome::wrongCode, user};
    }
    user.pendingLogin.reset();
    return admit(user, tenant, now);
}

void Authentication::noteFailure(DirectoryState& state, User& user) const {
    const auto& tenant = state.tenants.at(user.tenantId);
    const auto now = instantOf(_clock);
    state.publish({"user.login.failed",
                   user.tenantId,
                   now,
                   {{"authenticationType", jsonText("PASSWORD")}, {"user", user.toJson()}}});
    const bool isOneTooMany = countFailure(user, tenant.failedAuthentication, now);
    if (isOneTooMany && tenant.jwt.revokesOnLoginPrevented) {
        revokeRefreshTokens(state, {.userId = user.id}, now);
    }
}

}  // namespace changebank::kickstart
