#pragma once

#include <map>
#include <string>

#include "tests/support/TestKey.h"

namespace changebank::tests {

/// The ingredients of a token: JSON texts by name, so that a test says only what is special. Starts as the
/// good token G of the attack list: RS256, kid k1, our issuer and audience, expiring in 600 seconds, role
/// teller.
struct TokenRecipe {
    static constexpr const char* issuer = "http://localhost:9011";
    static constexpr const char* audience = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e";

    explicit TokenRecipe(long long now);

    /// Sets (or adds) a member; the value is JSON text.
    TokenRecipe& header(const std::string& name, const std::string& json);
    TokenRecipe& claim(const std::string& name, const std::string& json);
    TokenRecipe& withoutHeader(const std::string& name);
    TokenRecipe& without(const std::string& claim);

    std::string headerText() const { return textOf(_header); }
    std::string claimsText() const { return textOf(_claims); }

    /// Signed as the algorithm says; the header's `alg` is left as the recipe has it.
    std::string signedBy(const TestKey& key,
                         security::Algorithm algorithm = security::Algorithm::rs256) const {
        return key.token(algorithm, headerText(), claimsText());
    }

private:
    using Members = std::map<std::string, std::string>;
    static std::string textOf(const Members& members);

    Members _header;
    Members _claims;
};

}  // namespace changebank::tests
