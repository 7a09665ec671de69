#include "kickstart/IssuedToken.h"

#include <algorithm>
#include <charconv>

#include "security/Base64Url.h"
#include "security/CompactJws.h"
#include "security/JwkSet.h"
#include "security/JwsVerification.h"

namespace changebank::kickstart {

using security::Json;

namespace {

const SigningKey* findKey(const DirectoryState& state, const security::CompactJws& jws) {
    const auto found = std::find_if(state.keys.begin(), state.keys.end(), [&](const auto& entry) {
        const auto& key = *entry.second.key;
        return jws.keyId() == key.kid() && jws.algorithm() == nameOf(key.algorithm());
    });
    return found == state.keys.end() ? nullptr : found->second.key.get();
}

std::optional<std::string> verifiedPayload(const SigningKey& key, const security::CompactJws& jws,
                                           std::string_view token) {
    if (isSymmetric(key.algorithm())) {
        const auto signature = security::decodeBase64Url(jws.encodedSignature());
        if (!signature || !key.authenticates(jws.signingInput(), *signature)) return std::nullopt;
        return security::decodeBase64Url(jws.encodedPayload());
    }
    const Json set(Json::Object{{"keys", Json(Json::Array{key.publicJwk()})}});
    const auto keys = security::JwkSet::parse(set.toText());
    if (!std::holds_alternative<std::shared_ptr<const security::JwkSet>>(keys)) return std::nullopt;
    auto verified = security::verifyJws(token, *std::get<0>(keys), security::AlgorithmSet::all());
    if (!std::holds_alternative<security::VerifiedJws>(verified)) return std::nullopt;
    return std::move(std::get<security::VerifiedJws>(verified).payload);
}

}  // namespace

std::optional<Json> claimsOfIssuedToken(const DirectoryState& state, std::string_view token,
                                        std::int64_t now) {
    const auto parsed = security::CompactJws::parse(token);
    if (!std::holds_alternative<security::CompactJws>(parsed)) return std::nullopt;
    const auto& jws = std::get<security::CompactJws>(parsed);
    const auto* key = findKey(state, jws);
    if (!key || jws.isUnencoded()) return std::nullopt;
    const auto payload = verifiedPayload(*key, jws, token);
    auto claims = payload ? Json::parse(*payload) : std::nullopt;
    if (!claims || !claims->object()) return std::nullopt;
    const auto expiry = integerClaim(*claims, "exp");
    if (!expiry || now >= *expiry) return std::nullopt;
    return claims;
}

std::optional<std::int64_t> integerClaim(const Json& claims, std::string_view name) {
    const auto* claim = claims.find(name);
    if (!claim || !claim->number()) return std::nullopt;
    const auto& text = claim->number()->text;
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
    return value;
}

std::optional<Uuid> uuidClaim(const Json& claims, std::string_view name) {
    const auto* claim = claims.find(name);
    return claim && claim->string() ? Uuid::parse(*claim->string()) : std::nullopt;
}

}  // namespace changebank::kickstart
