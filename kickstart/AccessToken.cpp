#include "kickstart/AccessToken.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JWT/Token.h>

namespace changebank::kickstart {

std::string AccessToken::signedWith(const SigningKey& key) const {
    Poco::JWT::Token token;
    // Poco::JWT's setters of times write fractions, which some verifiers refuse; these are whole numbers.
    auto& claims = token.payload();
    claims.set("iss", issuer);
    claims.set("sub", subject);
    claims.set("tid", tenantId);
    claims.set("jti", jti);
    claims.set("iat", Poco::Int64{issuedAt});
    claims.set("exp", Poco::Int64{expiresAt});
    claims.set("auth_time", Poco::Int64{issuedAt});
    claims.set("authenticationType", std::string("PASSWORD"));
    claims.set("tty", std::string("at"));
    if (!email.empty()) {
        claims.set("email", email);
        claims.set("email_verified", true);
    }
    if (!username.empty()) claims.set("preferred_username", username);
    if (audience) claims.set("aud", *audience);
    if (audience && roles) {
        Poco::JSON::Array names;
        for (const auto& role : *roles) {
            names.add(role);
        }
        claims.set("applicationId", *audience);
        claims.set("roles", names);
    }
    return key.sign(token);
}

}  // namespace changebank::kickstart
