#include "kickstart/UserReader.h"

#include <Poco/String.h>

#include <algorithm>
#include <array>

#include "kickstart/Base64.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::size_t shortestPassword = 8;
constexpr std::size_t longestPassword = 256;

/// The members of a user that are only shown again.
constexpr std::array<const char*, 10> profileNames{
    "birthDate", "data",       "firstName",   "fullName",           "imageUrl",
    "lastName",  "middleName", "mobilePhone", "preferredLanguages", "timezone"};

}  // namespace

std::optional<User> UserReader::readNew(const Uuid& id, const Uuid& tenantId, std::int64_t now) const {
    if (!_body.has("password")) _body.refuse("password", "blank", "is required");
    const auto password = readPassword();
    if (!password) return std::nullopt;
    User user{id, tenantId, "", "", *password};
    readChanges(user, password, now);
    user.insertInstant = now;
    return _errors.empty() ? std::optional<User>(std::move(user)) : std::nullopt;
}

void UserReader::readChanges(User& user, const std::optional<PasswordHash>& password,
                             std::int64_t now) const {
    if (_body.isNull("email")) user.email.clear();
    if (_body.isNull("username")) user.username.clear();
    if (_body.isNull("expiry")) user.expiry.reset();
    if (auto email = _body.string("email")) user.email = Poco::toLower(*email);
    if (auto username = _body.string("username")) user.username = std::move(*username);
    if (user.email.empty() && user.username.empty()) {
        _body.refuse("email", "blank", "an email address or a username is required");
    }
    user.passwordChangeRequired =
        _body.boolean("passwordChangeRequired").value_or(user.passwordChangeRequired);
    if (auto expiry = _body.instant("expiry")) user.expiry = expiry;
    readProfile(user);
    readTwoFactorMethods(user);
    user.lastUpdateInstant = now;
    if (!password) return;
    user.password = *password;
    user.passwordLastUpdateInstant = now;
}

std::optional<PasswordHash> UserReader::readPassword() const {
    if (!_body.has("password")) return std::nullopt;
    const auto password = _body.requiredString("password");
    if (password.size() > longestPassword) {
        _body.refuse("password", "tooLong", "must have at most 256 characters");
    } else if (!password.empty() && password.size() < shortestPassword) {
        _body.refuse("password", "tooShort", "must have at least 8 characters");
    }
    if (!_errors.empty()) return std::nullopt;
    return PasswordHash::of(password, _passwordIterations);
}

void UserReader::noteVerification(User& user, const BodyReader& request, const DirectoryState& state,
                                  std::int64_t now) {
    const bool isRequired = state.tenants.at(user.tenantId).emailVerification.isRequired;
    const bool isSkipped = request.boolean("skipVerification").value_or(false);
    user.verifiedInstant = isRequired && !isSkipped && !user.email.empty() ? 0 : now;
}

User* UserReader::add(User user, const BodyReader& request, DirectoryState& state, std::int64_t now) const {
    if (state.users.contains(user.id)) _errors.addField("userId", "duplicate", "another user has this id");
    refuseTakenNames(user, state);
    noteVerification(user, request, state, now);
    if (!_errors.empty()) return nullptr;
    auto& kept = state.users.emplace(user.id, std::move(user)).first->second;
    state.publish({"user.create", kept.tenantId, now, {{"user", kept.toJson()}}});
    return &kept;
}

void UserReader::refuseTakenNames(const User& user, const DirectoryState& state) const {
    const auto isTaken = [&](const std::string& name) {
        const auto* other = name.empty() ? nullptr : state.findUser(user.tenantId, name);
        return other && other->id != user.id;
    };
    if (isTaken(user.email)) _body.refuse("email", "duplicate", "another user has this email address");
    if (isTaken(user.username)) _body.refuse("username", "duplicate", "another user has this username");
}

void UserReader::readTwoFactorMethods(User& user) const {
    const auto twoFactor = _body.object("twoFactor");
    if (!twoFactor.has("methods")) return;
    std::vector<TwoFactorMethod> methods;
    for (const auto& element : twoFactor.array("methods")) {
        const BodyReader object(element, twoFactor.pathOf("methods"), _errors);
        const auto id = object.string("id").value_or("");
        const auto known = std::find_if(user.twoFactorMethods.begin(), user.twoFactorMethods.end(),
                                        [&](const auto& method) { return method.id == id; });
        const auto secret = decodeBase64(object.string("secret").value_or(""));
        if (known != user.twoFactorMethods.end()) {
            methods.push_back(*known);
        } else if (object.string("method") == "authenticator" && secret && !secret->empty()) {
            methods.push_back({Uuid::random().toText(), *secret});
        } else {
            twoFactor.refuse("methods", "invalid",
                             "each is one that the user has, by its id, or an authenticator with a secret in "
                             "base64; mail and text messages are not sent here");
        }
    }
    user.twoFactorMethods = std::move(methods);
}

void UserReader::readProfile(User& user) const {
    user.profile = *mergedJson(Json(user.profile), _body.members(profileNames)).object();
}

}  // namespace changebank::kickstart
