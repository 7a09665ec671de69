#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/tokens/RefreshTokenRevocation.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

std::vector<std::string> readRoles(const BodyReader& body, const Application& application) {
    std::vector<std::string> roles;
    for (const auto& role : body.array("roles")) {
        const auto* name = role.string();
        if (name && application.hasRole(*name)) {
            roles.push_back(*name);
        } else {
            body.addError("roles", "invalid", "the application has no role " + role.toText());
        }
    }
    return roles;
}

/// The application that the registration names; adds an error and returns nullptr if it is unknown.
const Application* readApplication(ApiCall& call, const BodyReader& registration) {
    if (!call.reader().has("registration")) call.reader().addError("registration", "blank", "is required");
    if (!registration.has("applicationId")) {
        if (call.errors.empty()) registration.addError("applicationId", "blank", "is required");
        return nullptr;
    }
    const auto id = registration.uuid("applicationId");
    const auto* found = id ? call.find(call.state.applications, *id) : nullptr;
    if (id && !found) registration.addError("applicationId", "invalid", "no application has this id");
    return found;
}

/// The user to register; nullptr without one. Adds an error if the user is unknown or already registered.
User* findUnregistered(ApiCall& call, const Application& application) {
    const auto found = call.state.users.find(*call.id);
    if (found == call.state.users.end() || found->second.tenantId != application.tenantId) {
        call.errors.addField("userId", "invalid", "no user of the application's tenant has this id");
        return nullptr;
    }
    if (found->second.registrationWith(application.id)) {
        call.errors.addField("registration", "duplicate",
                             "the user is registered with this application already");
    }
    return &found->second;
}

void publish(ApiCall& call, const char* type, const User& user, const Registration& registration) {
    call.state.publish({type, user.tenantId, call.now,
                        jsonObject({{"applicationId", registration.applicationId.toText()},
                                    {"registration", registration.toJson()},
                                    {"user", user.toJson()}})});
}

ApiResponse createRegistration(ApiCall& call) {
    const auto body = call.reader().object("registration");
    const auto* application = readApplication(call, body);
    if (!application) return call.badRequest();
    Registration registration{Uuid::random(), application->id, readRoles(body, *application)};
    registration.insertInstant = call.now;
    // A new user belongs to the tenant of the application.
    const bool isNew = call.reader().has("user") || !call.id;
    auto* user =
        isNew ? addUser(call, call.newId(), application->tenantId) : findUnregistered(call, *application);
    if (!call.errors.empty()) return call.badRequest();
    user->registrations.emplace(registration.applicationId, registration);
    publish(call, "user.registration.create", *user, registration);
    return ApiResponse::ok(jsonObject({{"registration", registration.toJson()}, {"user", user->toJson()}}));
}

/// The user in the path if registered with the application in the path, else nullptr.
User* findRegistered(ApiCall& call) {
    auto* user = call.find(call.state.users, *call.id);
    return user && user->registrationWith(*call.secondId) ? user : nullptr;
}

ApiResponse showRegistration(ApiCall& call) {
    const auto* user = findRegistered(call);
    if (!user) return ApiResponse::empty(404);
    return ApiResponse::ok(jsonObject({{"registration", user->registrationWith(*call.secondId)->toJson()}}));
}

ApiResponse removeRegistration(ApiCall& call) {
    auto* user = findRegistered(call);
    if (!user) return ApiResponse::empty(404);
    const auto registration = user->registrations.extract(*call.secondId).mapped();
    revokeRefreshTokens(call.state, {.userId = user->id, .applicationId = call.secondId}, call.now);
    publish(call, "user.registration.delete", *user, registration);
    return ApiResponse::empty(200);
}

}  // namespace

void addRegistrationApi(ApiRouter& router) {
    constexpr const char* ofUser = "/api/user/registration/{userId}";
    constexpr const char* one = "/api/user/registration/{userId}/{applicationId}";
    router.add({{"POST", "/api/user/registration", Access::apiKey, createRegistration},
                {"POST", ofUser, Access::apiKey, createRegistration},
                {"GET", one, Access::apiKey, showRegistration},
                {"DELETE", one, Access::apiKey, removeRegistration}});
}

}  // namespace changebank::kickstart
