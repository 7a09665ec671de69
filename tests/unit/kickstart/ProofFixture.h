#pragma once

#include <map>
#include <string>
#include <vector>

#include "changebank/kickstart/values/Instant.h"
#include "tests/support/ProofRecipe.h"
#include "tests/unit/kickstart/OAuthFixture.h"

namespace changebank::tests {

/// An OAuth client with a key of its own, for which it makes DPoP proofs (RFC 9449).
struct ProofFixture : OAuthFixture {
    /// JSON texts by name.
    using Members = std::map<std::string, std::string>;

    ProofFixture() {
        createOAuthApplication();
        createTeller();
    }

    std::int64_t now() const { return kickstart::instantOf(clock) / kickstart::millisecondsPerSecond; }

    /// A new proof for the token endpoint; the changes replace claims or header parameters, empty ones take
    /// them away.
    std::string proof(const Members& claims = {}, const Members& header = {}) {
        return proofOf(key, security::Algorithm::es256, claims, header);
    }

    std::string proofOf(const TestKey& signer, security::Algorithm algorithm = security::Algorithm::es256,
                        const Members& claims = {}, const Members& header = {}) {
        ProofRecipe recipe(now(), signer);
        recipe.without("ath")
            .claim("jti", '"' + std::to_string(++proofs) + '"')
            .claim("htm", R"("POST")")
            .claim("htu", R"("http://localhost:9011/oauth2/token")")
            .header("alg", '"' + std::string(security::traitsOf(algorithm).name) + '"');
        for (const auto& [name, json] : claims) {
            json.empty() ? recipe.without(name) : recipe.claim(name, json);
        }
        for (const auto& [name, json] : header) {
            json.empty() ? recipe.withoutHeader(name) : recipe.header(name, json);
        }
        return recipe.text(algorithm);
    }

    kickstart::WebResponse tokenWith(const Proofs& headers, const Fields& fields) {
        return token(fields, headers);
    }

    kickstart::WebResponse exchangeWith(const Proofs& headers, const std::string& code) {
        return exchange(code, {}, headers);
    }

    kickstart::WebResponse refreshWith(const Proofs& headers, const std::string& refreshToken) {
        return refresh(refreshToken, {}, headers);
    }

    /// The claim `cnf` of a response's access token, as JSON; empty if there is none.
    std::string confirmationOf(const kickstart::WebResponse& response) {
        const auto claims = claimsOf(memberOf(response, "access_token"));
        const auto* found = claims.find("cnf");
        return found ? found->toText() : std::string();
    }

    const TestKey& key = TestKey::shared(security::KeyFamily::p256);
    const std::string confirmation = R"({"jkt":")" + ProofRecipe::thumbprintOf(key) + R"("})";
    int proofs = 0;
};

}  // namespace changebank::tests
