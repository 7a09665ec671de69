#include "kickstart/RegistrationApi.h"

#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RefreshTokenRevocation.h"
#include "kickstart/UserReader.h"

namespace changebank::kickstart {

using security::Json;

namespace {

std::vector<std::string> readRoles(const BodyReader& body, const Application& application) {
    std::vector<std::string> roles;
    for (const auto& role : body.array("roles")) {
        const auto* name = role.string();
        if (name && application.hasRole(*name)) {
            roles.push_back(*name);
        } else {
            body.refuse("roles", "invalid", "the application has no role " + role.toText());
        }
    }
    return roles;
}

/// The application that the registration names; nullptr, which is noted, if there is none.
const Application* readApplication(const ApiCall& call, const BodyReader& body, const DirectoryState& state) {
    const auto id = body.uuid("applicationId");
    if (!body.has("applicationId")) body.refuse("applicationId", "blank", "is required");
    if (!id) return nullptr;
    const auto* found = call.find(state.applications, *id);
    if (!found) body.refuse("applicationId", "invalid", "no application has this id");
    return found;
}

/// What a registration begins as.
Registration readNew(const BodyReader& body, const Application& application, std::int64_t now) {
    Registration registration{Uuid::random(), application.id, readRoles(body, application)};
    registration.readProfile(body);
    registration.insertInstant = registration.lastUpdateInstant = now;
    return registration;
}

/// The user who is to be registered; nullptr without one. What stands in the way is noted.
User* findUnregistered(const Uuid& id, const Application& application, DirectoryState& state,
                       Errors& errors) {
    const auto found = state.users.find(id);
    if (found == state.users.end() || found->second.tenantId != application.tenantId) {
        errors.addField("userId", "invalid", "no user of the application's tenant has this id");
        return nullptr;
    }
    if (found->second.registrationWith(application.id)) {
        errors.addField("registration", "duplicate", "the user is registered with this application already");
    }
    return &found->second;
}

void publish(DirectoryState& state, const char* type, const User& user, const Registration& registration,
             std::int64_t now) {
    Event event{type, user.tenantId, now};
    event.members.emplace_back("applicationId", jsonText(registration.applicationId.toText()));
    event.members.emplace_back("registration", registration.toJson());
    event.members.emplace_back("user", user.toJson());
    state.publish(std::move(event));
}

ApiAnswer answerWith(const Registration& registration, const User& user) {
    return ApiAnswer::ok(
        Json(Json::Object{{"registration", registration.toJson()}, {"user", user.toJson()}}));
}

}  // namespace

void RegistrationApi::addTo(ApiRouter& router) {
    const auto creation = [this](const ApiCall& call) { return create(call); };
    router.add("POST", "/api/user/registration", Access::apiKey, creation);
    router.add("POST", "/api/user/registration/{userId}", Access::apiKey, creation);
    router.add("GET", "/api/user/registration/{userId}/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("DELETE", "/api/user/registration/{userId}/{applicationId}", Access::apiKey,
               [this](const ApiCall& call) { return remove(call); });
}

ApiAnswer RegistrationApi::create(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto userBody = body.object("user");
    const auto registrationBody = body.object("registration");
    if (!body.has("registration")) body.refuse("registration", "blank", "is required");
    const bool isNew = body.has("user") || !call.id;
    const auto now = instantOf(_clock);
    const UserReader reader(userBody, errors);
    // A new user belongs to the tenant of the application.
    const auto tenantId = _directory.read([&](const DirectoryState& state) {
        const auto* application =
            body.has("registration") ? readApplication(call, registrationBody, state) : nullptr;
        return application ? std::optional<Uuid>(application->tenantId) : std::nullopt;
    });
    const auto user =
        isNew ? reader.readNew(call.id.value_or(Uuid::random()), tenantId.value_or(Uuid::random()), now)
              : std::nullopt;
    if (!errors.empty()) return ApiAnswer::refused(errors);

    return _directory.change([&](DirectoryState& state) {
        const auto* application = readApplication(call, registrationBody, state);
        if (!application) return ApiAnswer::refused(errors);
        const auto registration = readNew(registrationBody, *application, now);
        auto* registered =
            user ? reader.add(*user, state, now) : findUnregistered(*call.id, *application, state, errors);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        registered->registrations.emplace(registration.applicationId, registration);
        publish(state, "user.registration.create", *registered, registration, now);
        return answerWith(registration, *registered);
    });
}

ApiAnswer RegistrationApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto* user = call.find(state.users, *call.id);
        const auto* found = user ? user->registrationWith(*call.secondId) : nullptr;
        if (!found) return ApiAnswer::empty(404);
        return ApiAnswer::ok(Json(Json::Object{{"registration", found->toJson()}}));
    });
}

ApiAnswer RegistrationApi::remove(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        const auto* found = user ? user->registrationWith(*call.secondId) : nullptr;
        if (!found) return ApiAnswer::empty(404);
        const Registration registration = *found;
        user->registrations.erase(registration.applicationId);
        revokeRefreshTokens(state, {.userId = user->id, .applicationId = registration.applicationId}, now);
        publish(state, "user.registration.delete", *user, registration, now);
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
