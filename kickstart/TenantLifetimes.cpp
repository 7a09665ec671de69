#include "kickstart/TenantLifetimes.h"

#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

void TenantLifetimes::readFrom(const BodyReader& tenant) {
    const auto ids = tenant.object("externalIdentifierConfiguration");
    authorizationCode = ids.positive("authorizationGrantIdTimeToLiveInSeconds").value_or(authorizationCode);
    passwordChange = ids.positive("changePasswordIdTimeToLiveInSeconds").value_or(passwordChange);
    verification = ids.positive("emailVerificationIdTimeToLiveInSeconds").value_or(verification);
    twoFactor = ids.positive("twoFactorIdTimeToLiveInSeconds").value_or(twoFactor);
    session = tenant.positive("httpSessionMaxInactiveInterval").value_or(session);
}

Json TenantLifetimes::toJson() const {
    return Json(Json::Object{
        {"externalIdentifierConfiguration",
         Json(Json::Object{{"authorizationGrantIdTimeToLiveInSeconds", jsonInteger(authorizationCode)},
                           {"changePasswordIdTimeToLiveInSeconds", jsonInteger(passwordChange)},
                           {"emailVerificationIdTimeToLiveInSeconds", jsonInteger(verification)},
                           {"twoFactorIdTimeToLiveInSeconds", jsonInteger(twoFactor)}})},
        {"httpSessionMaxInactiveInterval", jsonInteger(session)}});
}

}  // namespace changebank::kickstart
