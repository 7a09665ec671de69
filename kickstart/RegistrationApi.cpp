#include "kickstart/RegistrationApi.h"

#include <Poco/String.h>

#include <algorithm>
#include <array>

#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::size_t shortestPassword = 8;
constexpr std::size_t longestPassword = 256;

/// The members of a user that are only shown again.
constexpr std::array<std::string_view, 9> profileNames{"birthDate",  "data",        "firstName",
                                                       "fullName",   "imageUrl",    "lastName",
                                                       "middleName", "mobilePhone", "timezone"};

std::string readPassword(const BodyReader& body) {
    auto password = body.requiredString("password");
    if (!password.empty() && password.size() < shortestPassword) {
        body.refuse("password", "tooShort", "must have at least 8 characters");
    } else if (password.size() > longestPassword) {
        body.refuse("password", "tooLong", "must have at most 256 characters");
    }
    return password;
}

std::optional<User> readUser(const BodyReader& body, const Uuid& id, int passwordIterations, Errors& errors) {
    const auto email = Poco::toLower(body.string("email").value_or(""));
    const auto username = body.string("username").value_or("");
    if (email.empty() && username.empty())
        body.refuse("email", "blank", "an email address or a username is required");
    const auto password = readPassword(body);
    if (!errors.empty()) return std::nullopt;

    User user{id, id, email, username, PasswordHash::of(password, passwordIterations), {}};
    user.passwordChangeRequired = body.boolean("passwordChangeRequired").value_or(false);
    for (const auto name : profileNames) {
        const auto* member = body.json().find(name);
        if (member && !member->isNull()) user.profile.emplace_back(name, *member);
    }
    return user;
}

Registration readRegistration(const BodyReader& body, const DirectoryState& state) {
    const auto applicationId = body.uuid("applicationId");
    if (!body.has("applicationId")) body.refuse("applicationId", "blank", "is required");
    const auto application =
        applicationId ? state.applications.find(*applicationId) : state.applications.end();
    if (applicationId && application == state.applications.end()) {
        body.refuse("applicationId", "invalid", "no application has this id");
    }
    Registration registration{Uuid::random(), applicationId.value_or(Uuid::random()), {}, 0, 0};
    for (const auto& role : body.array("roles")) {
        const auto* name = role.string();
        const bool known =
            name && application != state.applications.end() && application->second.hasRole(*name);
        if (!known && application != state.applications.end()) {
            body.refuse("roles", "invalid", "the application has no role " + role.toText());
        }
        if (known) registration.roles.push_back(*name);
    }
    return registration;
}

void refuseTakenNames(const BodyReader& body, const User& user, const DirectoryState& state, Errors& errors) {
    if (state.users.contains(user.id)) errors.addField("userId", "duplicate", "another user has this id");
    if (!user.email.empty() && state.findUser(user.email)) {
        body.refuse("email", "duplicate", "another user has this email address");
    }
    if (!user.username.empty() && state.findUser(user.username)) {
        body.refuse("username", "duplicate", "another user has this username");
    }
}

}  // namespace

void RegistrationApi::addTo(ApiRouter& router) {
    const auto endpoint = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/user/registration", Access::apiKey, endpoint);
    router.add("POST", "/api/user/registration/{userId}", Access::apiKey, endpoint);
}

ApiAnswer RegistrationApi::create(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto userBody = body.object("user");
    const auto registrationBody = body.object("registration");
    if (!body.has("registration")) body.refuse("registration", "blank", "is required");
    const bool isNew = body.has("user") || !call.id;
    auto user = isNew ? readUser(userBody, call.id ? *call.id : Uuid::random(), _passwordIterations, errors)
                      : std::nullopt;
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto registration = readRegistration(registrationBody, state);
        registration.insertInstant = now;
        if (isNew) {
            user->tenantId = state.defaultTenantId;
            user->insertInstant = user->lastUpdateInstant = user->passwordLastUpdateInstant = now;
            refuseTakenNames(userBody, *user, state, errors);
        } else if (!state.users.contains(*call.id)) {
            errors.addField("userId", "invalid", "no user has this id");
        } else if (state.users.at(*call.id).registrations.contains(registration.applicationId)) {
            errors.addField("registration", "duplicate",
                            "the user is registered with this application already");
        }
        if (!errors.empty()) return ApiAnswer::refused(errors);

        auto& kept = isNew ? state.users.emplace(user->id, *user).first->second : state.users.at(*call.id);
        kept.registrations.emplace(registration.applicationId, registration);
        return ApiAnswer::ok(
            Json(Json::Object{{"registration", registration.toJson()}, {"user", kept.toJson()}}));
    });
}

}  // namespace changebank::kickstart
