#include "changebank/daemon/settings/files/PublicKeyFile.h"

#include <fstream>
#include <utility>

#include "changebank/base/text/ByteOrderMark.h"
#include "changebank/base/text/Json.h"
#include "changebank/daemon/settings/files/FileAccess.h"
#include "changebank/security/jose/PublicJwk.h"

namespace changebank::daemon {

using namespace security;

namespace {

using ReadKeys = std::variant<std::shared_ptr<const JwkSet>, BadPublicKeys>;

std::variant<std::string, BadPublicKeys> readText(const std::string& path) {
    if (auto why = faultOfReading(path)) return BadPublicKeys{std::move(*why)};
    std::ifstream file(path, std::ios::binary);
    std::string content(JwkSet::maxSize + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad() || !file.is_open()) return BadPublicKeys{"cannot be read"};
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > JwkSet::maxSize)
        return BadPublicKeys{"has more than " + std::to_string(JwkSet::maxSize) + " bytes"};
    return content;
}

std::string setOfOne(std::string_view jwk) {
    return "{\"keys\":[" + std::string(jwk) + "]}";
}

bool isObject(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{';
}

/// The document of a key set in the content of a file.
std::variant<std::string, BadPublicKeys> documentIn(std::string_view content) {
    const auto text = withoutByteOrderMark(content);
    if (isObject(text)) {
        const auto json = Json::parse(text);
        return json && json->find("kty") ? setOfOne(text) : std::string(text);
    }
    if (text.find("-----BEGIN ") == std::string_view::npos) return BadPublicKeys{"is neither JSON nor PEM"};
    const auto read = jwkOfPem(text);
    if (const auto* none = std::get_if<NoPublicKey>(&read)) return BadPublicKeys{none->why};
    return setOfOne(std::get<std::string>(read));
}

ReadKeys parseKeys(const std::string& document) {
    const auto parsed = JwkSet::parse(document);
    if (const auto* cause = std::get_if<Cause>(&parsed))
        return BadPublicKeys{*cause == Cause::keysNotJson ? "is not JSON" : "is neither a JWK nor a JWK set"};
    auto keys = std::get<std::shared_ptr<const JwkSet>>(parsed);
    if (!keys->skipped().empty()) return BadPublicKeys{"has a key that cannot be used: " + keys->summary()};
    if (keys->empty()) return BadPublicKeys{"has no key"};
    if (keys->keys().size() > maxPublicKeys)
        return BadPublicKeys{"has more than " + std::to_string(maxPublicKeys) + " keys"};
    return keys;
}

}  // namespace

ReadKeys readPublicKeys(const std::string& path) {
    const auto content = readText(path);
    if (const auto* bad = std::get_if<BadPublicKeys>(&content)) return *bad;
    const auto document = documentIn(std::get<std::string>(content));
    if (const auto* bad = std::get_if<BadPublicKeys>(&document)) return *bad;
    return parseKeys(std::get<std::string>(document));
}

}  // namespace changebank::daemon
