#include "changebank/security/token/UnverifiedToken.h"

#include <utility>

#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

std::variant<UnverifiedToken, Refusal> UnverifiedToken::parse(std::string_view token) {
    auto jws = CompactJws::parse(token);
    if (auto* refusal = std::get_if<Refusal>(&jws)) return std::move(*refusal);
    UnverifiedToken parsed{std::get<CompactJws>(std::move(jws))};
    if (!parsed.jws.isUnencoded()) parsed.payload = decodeBase64Url(parsed.jws.encodedPayload());
    if (parsed.payload) parsed.claims = Json::parse(*parsed.payload);
    return parsed;
}

}  // namespace changebank::security
