#pragma once

#include <map>
#include <string>

#include "tests/support/TestKey.h"

namespace changebank::tests {

/// The ingredients of a DPoP proof: JSON texts by name, so that a test says only what is special. Starts as a
/// good proof for GET https://api.example.com/things with the access token "token".
struct ProofRecipe {
    static constexpr const char* method = "GET";
    static constexpr const char* uri = "https://api.example.com/things";
    static constexpr const char* accessToken = "token";

    /// The key's public half is in the header.
    explicit ProofRecipe(long long now, const TestKey& key = TestKey::shared(security::KeyFamily::p256));

    /// Sets (or adds) a member; the value is JSON text.
    ProofRecipe& header(const std::string& name, const std::string& json);
    ProofRecipe& claim(const std::string& name, const std::string& json);
    ProofRecipe& withoutHeader(const std::string& name);
    ProofRecipe& without(const std::string& claim);
    /// Sets `ath`.
    ProofRecipe& forToken(const std::string& token);

    /// Signed as the algorithm says; the header's `alg` is left as the recipe has it.
    std::string text(security::Algorithm algorithm = security::Algorithm::es256) const;
    std::string signedBy(const TestKey& other,
                         security::Algorithm algorithm = security::Algorithm::es256) const;

    static std::string thumbprintOf(const TestKey& key);

private:
    using Members = std::map<std::string, std::string>;
    static std::string textOf(const Members& members);

    TestKey _key;
    Members _header;
    Members _claims;
};

}  // namespace changebank::tests
