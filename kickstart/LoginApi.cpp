#include "kickstart/LoginApi.h"

#include "kickstart/AccessToken.h"
#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"
#include "kickstart/RandomOctets.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::int64_t millisecondsPerSecond = 1000;

/// What a login needs of the state, copied out of it.
struct Session {
    User user;
    Tenant tenant;
    std::optional<Application> application;
    std::shared_ptr<const SigningKey> key;

    const Registration* registration() const {
        if (!application) return nullptr;
        const auto found = user.registrations.find(application->id);
        return found == user.registrations.end() ? nullptr : &found->second;
    }

    std::int64_t timeToLiveInSeconds() const {
        return application ? application->timeToLiveInSeconds.value_or(tenant.timeToLiveInSeconds)
                           : tenant.timeToLiveInSeconds;
    }
};

bool needsApiKey(const DirectoryState& state, const std::optional<Uuid>& applicationId) {
    const auto application =
        applicationId ? state.applications.find(*applicationId) : state.applications.end();
    return application == state.applications.end() ? state.defaultTenant().loginRequiresApiKey
                                                   : application->second.loginRequiresApiKey;
}

/// Notes the login in the state. The user may have gone since the password was checked.
std::optional<Session> beginSession(DirectoryState& state, const Uuid& userId,
                                    const std::optional<Uuid>& applicationId, std::int64_t now) {
    const auto user = state.users.find(userId);
    if (user == state.users.end()) return std::nullopt;
    user->second.lastLoginInstant = now;
    Session session{user->second, state.tenants.at(user->second.tenantId), std::nullopt, nullptr};
    if (applicationId) {
        session.application = state.applications.at(*applicationId);
        const auto registration = user->second.registrations.find(*applicationId);
        if (registration != user->second.registrations.end()) registration->second.lastLoginInstant = now;
        session.user = user->second;
    }
    const auto keyId = session.application ? session.application->accessTokenKeyId : std::nullopt;
    session.key = state.keys.at(keyId.value_or(session.tenant.accessTokenKeyId)).key;
    return session;
}

std::string mint(const Session& session, std::int64_t now) {
    AccessToken token;
    token.issuer = session.tenant.issuer;
    token.subject = session.user.id.toText();
    token.tenantId = session.tenant.id.toText();
    token.jti = Uuid::random().toText();
    token.email = session.user.email;
    token.username = session.user.username;
    token.issuedAt = now / millisecondsPerSecond;
    token.expiresAt = token.issuedAt + session.timeToLiveInSeconds();
    if (session.application) token.audience = session.application->id.toText();
    if (const auto* registration = session.registration()) token.roles = registration->roles;
    return token.signedWith(*session.key);
}

ApiAnswer answerOf(const Session& session, bool withToken, std::int64_t now) {
    ApiAnswer answer = ApiAnswer::empty(session.application && !session.registration() ? 202 : 200);
    Json::Object members;
    if (withToken) {
        const auto token = mint(session, now);
        members.emplace_back("token", jsonText(token));
        members.emplace_back("tokenExpirationInstant",
                             jsonInteger(now + session.timeToLiveInSeconds() * millisecondsPerSecond));
        answer.cookies.push_back("access_token=" + token + "; Path=/; Secure; HttpOnly");
    }
    members.emplace_back("user", session.user.toJson());
    answer.body = Json(std::move(members));
    return answer;
}

}  // namespace

LoginApi::LoginApi(Directory& directory, const security::Clock& clock, int passwordIterations)
    : _directory(directory), _clock(clock), _nobody(PasswordHash::of(randomOctets(16), passwordIterations)) {}

void LoginApi::addTo(ApiRouter& router) {
    router.add("POST", "/api/login", Access::open, [this](const ApiCall& call) { return login(call); });
}

ApiAnswer LoginApi::login(const ApiCall& call) {
    Errors errors;
    const BodyReader body(call.body, "", errors);
    const auto applicationId = body.uuid("applicationId");
    const auto& apiKey = call.request.apiKey;
    const bool admitted = _directory.read([&](const DirectoryState& state) {
        return !needsApiKey(state, applicationId) || (apiKey && state.hasApiKey(*apiKey));
    });
    if (!admitted) return ApiAnswer::empty(401);

    const auto loginId = body.requiredString("loginId");
    const auto password = body.requiredString("password");
    const bool withToken = !body.boolean("noJWT").value_or(false);
    const auto user = _directory.read([&](const DirectoryState& state) {
        if (applicationId && !state.applications.contains(*applicationId)) {
            body.refuse("applicationId", "invalid", "no application has this id");
        }
        const auto* found = state.findUser(loginId);
        return found ? std::optional<User>(*found) : std::nullopt;
    });
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const bool matches = (user ? user->password : _nobody).matches(password);
    if (!user || !matches) return ApiAnswer::empty(404);

    const auto now = instantOf(_clock);
    const auto session = _directory.change(
        [&](DirectoryState& state) { return beginSession(state, user->id, applicationId, now); });
    return session ? answerOf(*session, withToken, now) : ApiAnswer::empty(404);
}

}  // namespace changebank::kickstart
