#include "changebank/handlers/decision/IdentityTokens.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"

namespace changebank::handlers {

namespace {

constexpr std::size_t idSize = 16;

std::string keySetOf(const std::vector<std::shared_ptr<const security::TokenSigner>>& keys) {
    std::string text;
    for (const auto& key : keys)
        text += (text.empty() ? "{\"keys\":[" : ",") + key->jwk();
    return text + "]}";
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string arrayOf(const std::vector<std::string>& texts) {
    std::string array;
    for (const auto& text : texts)
        array += (array.empty() ? "" : ",") + quoteJson(text);
    return "[" + array + "]";
}

/// The end of a token of that time: never after that of the caller's own.
std::int64_t endOf(std::int64_t now, std::chrono::seconds lifetime, const security::Principal& principal) {
    const auto end = now + lifetime.count();
    if (!principal.acceptedUntil || *principal.acceptedUntil >= static_cast<double>(end)) return end;
    return static_cast<std::int64_t>(std::floor(*principal.acceptedUntil));
}

}  // namespace

IdentityTokens::IdentityTokens(Options options, Clock& clock)
    : _options(std::move(options)),
      _clock(clock),
      _keySet(keySetOf(_options.keys)),
      _firstClaims(R"({"iss":)" + quoteJson(_options.issuer) + R"(,"aud":)" + quoteJson(_options.audience)) {}

std::string IdentityTokens::tokenFor(const security::Principal& principal) const {
    const auto now = static_cast<std::int64_t>(wholeSeconds(_clock.wall()));
    auto claims = _firstClaims;
    if (!principal.subject.empty()) claims += R"(,"sub":)" + quoteJson(principal.subject);
    claims += R"(,"iat":)" + std::to_string(now);
    claims += R"(,"exp":)" + std::to_string(endOf(now, _options.lifetime, principal));
    claims += R"(,"jti":")" + encodeBase64Url(randomBytes(idSize)) + '"';
    claims += R"(,"roles":)" + arrayOf(principal.roles);
    claims += R"(,"scope":)" + quoteJson(joined(principal.scopes));
    claims += R"(,"permissions":)" + arrayOf(principal.permissions);
    claims += R"(,"subject_issuer":)" + quoteJson(principal.issuer) + '}';
    return _options.keys.front()->sign(claims);
}

}  // namespace changebank::handlers
