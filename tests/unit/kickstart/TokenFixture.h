#pragma once

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/tokens/AccessToken.h"
#include "changebank/kickstart/tokens/TokenSubject.h"
#include "changebank/kickstart/values/BodyReader.h"

namespace changebank::tests {

/// A registered teller, as tokens are made of it; the keys are of one algorithm.
struct TokenFixture {
    static kickstart::Uuid uuid(const char* text) { return *kickstart::Uuid::parse(text); }

    static kickstart::TokenSubject tellers(
        kickstart::KeyAlgorithm algorithm = kickstart::KeyAlgorithm::es256) {
        using namespace kickstart;
        const auto keyId = uuid("11111111-2222-3333-4444-555555555555");
        const auto tenantId = uuid("d7d09513-a3f5-401c-9685-34ab6c552453");
        const auto applicationId = uuid("e9fdb985-9173-4e01-9d73-ac2d60d1dc8e");
        User user{uuid("00000000-0000-0000-0000-111111111111"), tenantId, "teller@example.com", "",
                  PasswordHash("password")};
        user.registrations.emplace(applicationId,
                                   Registration{Uuid::random(), applicationId, {"teller", "customer"}, 0, 0});
        Tenant tenant{tenantId, "Default", "http://localhost:9011", JwtConfiguration{keyId, keyId}};
        const auto key = SigningKey::generate(algorithm, 2048);
        return {user, tenant, Application{applicationId, tenantId, "ChangeBank"}, tenant.jwt, key, key};
    }

    /// Header and payload of a compact JWS, each a JSON text.
    static std::pair<std::string, std::string> textsOf(const std::string& token) {
        const auto first = token.find('.');
        const auto second = token.find('.', first + 1);
        const auto header = decodeBase64Url(token.substr(0, first));
        const auto payload = decodeBase64Url(token.substr(first + 1, second - first - 1));
        BOOST_REQUIRE(header && payload);
        return {*header, *payload};
    }

    static Json claimsOf(const std::string& token) {
        auto claims = Json::parse(textsOf(token).second);
        BOOST_REQUIRE(claims);
        return std::move(*claims);
    }
};

}  // namespace changebank::tests
