#include "kickstart/TwoFactorApi.h"

#include <algorithm>

#include "kickstart/Base32.h"
#include "kickstart/Base64.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/IssuedToken.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RandomOctets.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr int wrongCode = 421;
/// What RFC 4226 section 4 recommends.
constexpr std::size_t secretLength = 20;
constexpr std::size_t recoveryCodes = 10;
constexpr std::size_t recoveryCodeOctets = 10;

/// The secret of a request, by either of its two spellings.
std::string readSecret(const BodyReader& body) {
    const auto inBase32 = body.string("secretBase32Encoded");
    const auto secret = inBase32 ? decodeBase32(*inBase32) : decodeBase64(body.string("secret").value_or(""));
    if (secret && !secret->empty()) return *secret;
    body.refuse("secret", "invalid", "a secret is required, in base64, or as secretBase32Encoded in base32");
    return {};
}

void publish(DirectoryState& state, const char* type, const User& user, const TwoFactorMethod& method,
             std::int64_t now) {
    state.publish({type, user.tenantId, now, {{"method", method.toJson()}, {"user", user.toJson()}}});
}

}  // namespace

void TwoFactorApi::addTo(ApiRouter& router) {
    router.add("GET", "/api/two-factor/secret", Access::open,
               [this](const ApiCall& call) { return secret(call); });
    router.add("POST", "/api/user/two-factor/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return enable(call); });
    router.add("DELETE", "/api/user/two-factor/{userId}", Access::apiKey,
               [this](const ApiCall& call) { return disable(call); });
}

ApiAnswer TwoFactorApi::secret(const ApiCall& call) const {
    const bool isAdmitted = _directory.read([&](const DirectoryState& state) {
        const auto& apiKey = call.request.apiKey;
        if (apiKey && state.admits(*apiKey, "/api/two-factor/secret", "GET")) return true;
        const auto token = call.request.bearerToken();
        return token && claimsOfIssuedToken(state, *token, instantOf(_clock) / millisecondsPerSecond);
    });
    if (!isAdmitted) return ApiAnswer::empty(401);
    const auto octets = randomOctets(secretLength);
    return ApiAnswer::ok(Json(Json::Object{{"secret", Json(encodeBase64(octets))},
                                           {"secretBase32Encoded", Json(encodeBase32(octets))}}));
}

ApiAnswer TwoFactorApi::enable(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto code = body.requiredString("code");
    TwoFactorMethod method{Uuid::random().toText(), readSecret(body)};
    if (body.string("method").value_or("authenticator") != "authenticator") {
        body.refuse("method", "invalid", "must be authenticator; mail and text messages are not sent here");
    }
    if (!errors.empty()) return ApiAnswer::refused(errors);
    const auto now = instantOf(_clock);
    if (!method.accept(code, now / millisecondsPerSecond)) return ApiAnswer::empty(wrongCode);
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        if (!user) return ApiAnswer::empty(404);
        user->twoFactorMethods.push_back(method);
        while (user->recoveryCodes.size() < recoveryCodes) {
            user->recoveryCodes.insert(encodeBase32(randomOctets(recoveryCodeOctets)));
        }
        publish(state, "user.two-factor.method.add", *user, method, now);
        return ApiAnswer::ok(Json(Json::Object{{"recoveryCodes", jsonTexts(user->recoveryCodes)}}));
    });
}

ApiAnswer TwoFactorApi::disable(const ApiCall& call) {
    const auto methodId = call.request.parameter("methodId").value_or("");
    const auto code = call.request.parameter("code").value_or("");
    const auto now = instantOf(_clock);
    return _directory.change([&](DirectoryState& state) {
        auto* user = call.find(state.users, *call.id);
        if (!user) return ApiAnswer::empty(404);
        const auto method = std::find_if(user->twoFactorMethods.begin(), user->twoFactorMethods.end(),
                                         [&](const auto& each) { return each.id == methodId; });
        if (method == user->twoFactorMethods.end()) return ApiAnswer::empty(404);
        if (!user->acceptSecondFactor(code, now / millisecondsPerSecond)) return ApiAnswer::empty(wrongCode);
        const auto removed = *method;
        user->twoFactorMethods.erase(method);
        if (user->twoFactorMethods.empty()) user->recoveryCodes.clear();
        publish(state, "user.two-factor.method.remove", *user, removed, now);
        return ApiAnswer::empty(200);
    });
}

}  // namespace changebank::kickstart
