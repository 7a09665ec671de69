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
const Application* readApplication(const BodyReader& body, const DirectoryState& state) {
    const auto id = body.uuid("applicationId");
    if (!body.has("applicationId")) body.refuse("applicationId", "blank", "is required");
    if (!id) return nullptr;
    const auto found = state.applications.find(*id);
    if (found != state.applications.end()) return &found->second;
    body.refuse("applicationId", "invalid", "no application has this id");
    return nullptr;
}

void publish(DirectoryState& state, const char* type, const User& user, const Registration& registration,
             std::int64_t now) {
    state.publish({type,
                   user.tenantId,
                   now,
                   {{"applicationId", jsonText(registration.applicationId.toText())},
                    {"registration", registration.toJson()},
                    {"user", user.toJson()}}});
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
    const auto alteration = [this](const ApiCall& call) { return change(call); };
    router.add("PUT", "/api/user/registration/{userId}", Access::apiKey, alteration);
    router.add("PATCH", "/api/user/registration/{userId}", Access::apiKey, alteration);
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
    const UserReader reader(userBody, errors, _passwordIterations);
    const auto tenantId = _directory.read([](const DirectoryState& state) { return state.defaultTenantId; });
    const auto user =
        isNew ? reader.readNew(call.id ? *call.id : Uuid::random(), tenantId, now) : std::nullopt;
    if (!errors.empty()) return ApiAnswer::refused(errors);

    return _directory.change([&](DirectoryState& state) {
        const auto* application = readApplication(registrationBody, state);
        Registration registration{Uuid::random(), application ? application->id : Uuid::random(), {}};
        registration.insertInstant = registration.lastUpdateInstant = now;
        if (application) registration.roles = readRoles(registrationBody, *application);
        if (isNew) {
            if (state.users.contains(user->id)) {
                errors.addField("userId", "duplicate", "another user has this id");
            }
            reader.refuseTakenNames(*user, state);
        } else if (!state.users.contains(*call.id)) {
            errors.addField("userId", "invalid", "no user has this id");
        } else if (state.users.at(*call.id).registrations.contains(registration.applicationId)) {
            errors.addField("registration", "duplicate",
                            "the user is registered with this application already");
        }
        if (!errors.empty()) return ApiAnswer::refused(errors);

        auto& kept = isNew ? state.users.emplace(user->id, *user).first->second : state.users.at(*call.id);
        if (isNew) state.publish({"user.create", kept.tenantId, now, {{"user", kept.toJson()}}});
        kept.registrations.emplace(registration.applicationId, registration);
        publish(state, "user.registration.create", kept, registration, now);
        return answerWith(registration, kept);
    });
}

ApiAnswer RegistrationApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto user = state.users.find(*call.id);
        const auto* found =
            user == state.users.end() ? nullptr : user->second.registrationWith(*call.secondId);
        if (!found) return ApiAnswer::empty(404);
        return ApiAnswer::ok(Json(Json::Object{{"registration", found->toJson()}}));
    });
}

ApiAnswer RegistrationApi::change(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("registration");
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const auto* application = readApplication(body, state);
        const auto user = state.users.find(*call.id);
        const bool exists =
            application && user != state.users.end() && user->second.registrationWith(application->id);
        auto roles = application ? readRoles(body, *application) : std::vector<std::string>{};
        if (!errors.empty()) return ApiAnswer::refused(errors);
        if (!exists) return ApiAnswer::empty(404);

        auto& registration = user->second.registrations.at(application->id);
        if (body.has("roles") || call.request.method == "PUT") registration.roles = std::move(roles);
        registration.lastUpdateInstant = now;
        publish(state, "user.registration.update", user->second, registration, now);
        return ApiAnswer::ok(Json(Json::Object{{"registration", registration.toJson()}}));
    });
}

ApiAnswer RegistrationApi::remove(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const auto user = state.users.find(*call.id);
        const auto* found =
            user == state.users.end() ? nullptr : user->second.registrationWith(*call.secondId);
        if (!found) return ApiAnswer::empty(404);
        const Registration registration = *found;
        user->second.registrations.erase(registration.applicationId);
        RefreshTokenSelection selection;
        selection.userId = user->first;
        selection.applicationId = registration.applicationId;
        revokeRefreshTokens(state, selection, now);
        publish(state, "user.registration.delete", user->second, registration, now);
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
