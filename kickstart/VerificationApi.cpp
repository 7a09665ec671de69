#include "kickstart/VerificationApi.h"

#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

ApiAnswer answerWith(const Verification& verification) {
    return ApiAnswer::ok(Json(Json::Object{{"oneTimeCode", jsonText(verification.code)},
                                           {"verificationId", jsonText(verification.id.toText())}}));
}

/// The user whose email address the query names; nullptr without one. What is wrong with the query is noted.
User* findByEmail(const ApiCall& call, DirectoryState& state, Errors& errors) {
    const auto email = call.request.parameter("email");
    if (!email) errors.addField("email", "blank", "is required");
    const auto tenantId = call.requireTenant(state, errors);
    if (!email || !tenantId) return nullptr;
    const auto* found = state.findUser(*tenantId, *email);
    return found ? &state.users.at(found->id) : nullptr;
}

void verify(DirectoryState& state, User& user, std::int64_t now) {
    user.verifiedInstant = now;
    user.verification.reset();
    state.publish({"user.email.verified", user.tenantId, now, {{"user", user.toJson()}}});
}

}  // namespace

void VerificationApi::addTo(ApiRouter& router) {
    router.add("PUT", "/api/user/verify-email", Access::apiKey,
               [this](const ApiCall& call) { return beginEmail(call); });
    router.add("POST", "/api/user/verify-email", Access::open,
               [this](const ApiCall& call) { return verifyEmail(call); });
    router.add("PUT", "/api/user/verify-registration", Access::apiKey,
               [this](const ApiCall& call) { return beginRegistration(call); });
    router.add("POST", "/api/user/verify-registration", Access::open,
               [this](const ApiCall& call) { return verifyRegistration(call); });
}

ApiAnswer VerificationApi::beginEmail(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        auto* user = findByEmail(call, state, errors);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        if (!user) return ApiAnswer::empty(404);
        user->verification = Verification::begin(state.tenants.at(user->tenantId), now);
        return answerWith(*user->verification);
    });
}

ApiAnswer VerificationApi::beginRegistration(const ApiCall& call) {
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        const auto applicationId = call.request.requiredUuid("applicationId", errors);
        auto* user = findByEmail(call, state, errors);
        if (!errors.empty()) return ApiAnswer::refused(errors);
        if (!user || !user->registrationWith(*applicationId)) return ApiAnswer::empty(404);
        auto& verification = user->registrations.at(*applicationId).verification;
        verification = Verification::begin(state.tenants.at(user->tenantId), now);
        return answerWith(*verification);
    });
}

ApiAnswer VerificationApi::verifyEmail(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto userId = body.uuid("userId");
    const auto verificationId = body.uuid("verificationId");
    const auto code = body.string("oneTimeCode").value_or("");
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        const auto& apiKey = call.request.apiKey;
        if (userId && !(apiKey && state.admits(*apiKey, "/api/user/verify-email", "POST"))) {
            return ApiAnswer::empty(401);
        }
        if (!userId && !verificationId) body.refuse("verificationId", "blank", "is required");
        if (!errors.empty()) return ApiAnswer::refused(errors);
        if (userId) {
            auto* user = call.find(state.users, *userId);
            if (!user) return ApiAnswer::empty(404);
            verify(state, *user, now);
            return ApiAnswer::empty(200);
        }
        for (auto& [id, user] : state.users) {
            const auto& policy = state.tenants.at(user.tenantId).emailVerification;
            if (!user.verification ||
                !user.verification->accept(*verificationId, code, policy.asksForCode, now)) {
                continue;
            }
            verify(state, user, now);
            return ApiAnswer::empty(200);
        }
        return ApiAnswer::empty(404);
    });
}

ApiAnswer VerificationApi::verifyRegistration(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    if (!body.has("verificationId")) body.refuse("verificationId", "blank", "is required");
    const auto verificationId = body.uuid("verificationId");
    const auto code = body.string("oneTimeCode").value_or("");
    if (!errors.empty()) return ApiAnswer::refused(errors);
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        for (auto& [userId, user] : state.users) {
            for (auto& [applicationId, registration] : user.registrations) {
                const auto& policy = state.applications.at(applicationId).registrationVerification;
                if (!registration.verification ||
                    !registration.verification->accept(*verificationId, code, policy.asksForCode, now)) {
                    continue;
                }
                registration.verified = true;
                registration.verification.reset();
                state.publish({"user.registration.verified",
                               user.tenantId,
                               now,
                               {{"applicationId", jsonText(applicationId.toText())},
                                {"registration", registration.toJson()},
                                {"user", user.toJson()}}});
                return ApiAnswer::empty(200);
            }
        }
        return ApiAnswer::empty(404);
    });
}

}  // namespace changebank::kickstart
