#include "tests/support/ProofRecipe.h"

#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/KeyThumbprint.h"

namespace changebank::tests {

ProofRecipe::ProofRecipe(long long now, const TestKey& key)
    : _key(key),
      _header{{"alg", R"("ES256")"}, {"typ", R"("dpop+jwt")"}, {"jwk", key.jwk()}},
      _claims{{"jti", R"("one")"},
              {"htm", quoteJson(method)},
              {"htu", quoteJson(uri)},
              {"iat", std::to_string(now)}} {
    forToken(accessToken);
}

ProofRecipe& ProofRecipe::header(const std::string& name, const std::string& json) {
    _header[name] = json;
    return *this;
}

ProofRecipe& ProofRecipe::claim(const std::string& name, const std::string& json) {
    _claims[name] = json;
    return *this;
}

ProofRecipe& ProofRecipe::withoutHeader(const std::string& name) {
    _header.erase(name);
    return *this;
}

ProofRecipe& ProofRecipe::without(const std::string& claim) {
    _claims.erase(claim);
    return *this;
}

ProofRecipe& ProofRecipe::forToken(const std::string& token) {
    return claim("ath", quoteJson(encodeBase64Url(sha256(token))));
}

std::string ProofRecipe::text(security::Algorithm algorithm) const {
    return signedBy(_key, algorithm);
}

std::string ProofRecipe::signedBy(const TestKey& other, security::Algorithm algorithm) const {
    return other.token(algorithm, textOf(_header), textOf(_claims));
}

std::string ProofRecipe::thumbprintOf(const TestKey& key) {
    return security::keyThumbprint(*Json::parse(key.jwk())).value();
}

std::string ProofRecipe::textOf(const Members& members) {
    std::string text = "{";
    for (const auto& [name, value] : members)
        text += (text.size() > 1 ? "," : "") + quoteJson(name) + ":" + value;
    return text + "}";
}

}  // namespace changebank::tests
