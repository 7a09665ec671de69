#include "changebank/kickstart/tokens/IssuedToken.h"

#include <Poco/NumberParser.h>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsVerification.h"

namespace changebank::kickstart {

std::optional<Json> claimsOfIssuedToken(const DirectoryState& state, std::string_view token,
                                        std::int64_t now) {
    const auto keys = security::JwkSet::parse(textOf(state.publicKeys()));
    if (!std::holds_alternative<std::shared_ptr<const security::JwkSet>>(keys)) return std::nullopt;
    const auto verified = security::verifyJws(token, *std::get<0>(keys), security::AlgorithmSet::all());
    if (!std::holds_alternative<security::VerifiedJws>(verified)) return std::nullopt;
    auto claims = Json::parse(std::get<security::VerifiedJws>(verified).payload);
    const auto* expiry = claims ? claims->find("exp") : nullptr;
    Poco::Int64 end = 0;
    const bool isAlive = expiry && expiry->number() &&
                         Poco::NumberParser::tryParse64(expiry->number()->text, end) && now < end;
    return isAlive ? std::move(claims) : std::nullopt;
}

std::optional<Uuid> uuidClaim(const Json& claims, std::string_view name) {
    const auto* claim = claims.find(name);
    return claim && claim->string() ? Uuid::parse(*claim->string()) : std::nullopt;
}

}  // namespace changebank::kickstart
