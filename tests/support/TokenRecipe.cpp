#include "tests/support/TokenRecipe.h"

#include "changebank/base/text/Json.h"

namespace changebank::tests {

TokenRecipe::TokenRecipe(long long now)
    : _header{{"alg", R"("RS256")"}, {"typ", R"("JWT")"}, {"kid", R"("k1")"}},
      _claims{{"iss", quoteJson(issuer)},
              {"aud", quoteJson(audience)},
              {"sub", R"("00000000-0000-0000-0000-000000000001")"},
              {"iat", std::to_string(now)},
              {"exp", std::to_string(now + 600)},
              {"roles", R"(["teller"])"}} {}

TokenRecipe& TokenRecipe::header(const std::string& name, const std::string& json) {
    _header[name] = json;
    return *this;
}

TokenRecipe& TokenRecipe::claim(const std::string& name, const std::string& json) {
    _claims[name] = json;
    return *this;
}

TokenRecipe& TokenRecipe::withoutHeader(const std::string& name) {
    _header.erase(name);
    return *this;
}

TokenRecipe& TokenRecipe::without(const std::string& claim) {
    _claims.erase(claim);
    return *this;
}

std::string TokenRecipe::textOf(const Members& members) {
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (text.size() > 1) text += ',';
        text += quoteJson(name) + ":" + value;
    }
    return text + "}";
}

}  // namespace changebank::tests
