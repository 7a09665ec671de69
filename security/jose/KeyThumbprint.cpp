#include "changebank/security/jose/KeyThumbprint.h"

#include <array>
#include <string_view>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

namespace {

/// The members that make a key of a type, in lexicographic order (RFC 7638 section 3.2).
struct KeyType {
    std::string_view name;
    std::array<std::string_view, 4> members;
};
constexpr std::array<KeyType, 3> keyTypes{
    {{"EC", {"crv", "kty", "x", "y"}}, {"OKP", {"crv", "kty", "x"}}, {"RSA", {"e", "kty", "n"}}}};

const std::string* stringOf(const Json& jwk, std::string_view name) {
    const auto* member = jwk.find(name);
    return member ? member->string() : nullptr;
}

}  // namespace

std::optional<std::string> thumbprintInput(const Json& jwk) {
    const auto* kind = stringOf(jwk, "kty");
    for (const auto& type : keyTypes) {
        if (!kind || *kind != type.name) continue;
        std::string canonical;
        for (const auto name : type.members) {
            if (name.empty()) break;
            const auto* value = stringOf(jwk, name);
            if (!value) return std::nullopt;
            canonical += (canonical.empty() ? "{\"" : ",\"") + std::string(name) + "\":" + quoteJson(*value);
        }
        return canonical + "}";
    }
    return std::nullopt;
}

std::optional<std::string> keyThumbprint(const Json& jwk) {
    const auto input = thumbprintInput(jwk);
    return input ? std::optional(encodeBase64Url(sha256(*input))) : std::nullopt;
}

}  // namespace changebank::security
