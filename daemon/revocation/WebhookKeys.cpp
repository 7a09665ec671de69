#include "changebank/daemon/revocation/WebhookKeys.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/ByteOrderMark.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/daemon/settings/FileAccess.h"
#include "changebank/security/jose/PublicJwk.h"

namespace changebank::daemon {

using namespace security;

namespace {

using ReadKeys = std::variant<std::shared_ptr<const JwkSet>, WebhookKeys::Unusable>;
using Result = WebhookKeys::Result;
using Verdict = WebhookKeys::Verdict;

std::variant<std::string, WebhookKeys::Unusable> readText(const std::string& path) {
    if (auto why = faultOfReading(path)) return WebhookKeys::Unusable{std::move(*why)};
    std::ifstream file(path, std::ios::binary);
    std::string content(JwkSet::maxSize + 1, '\0');
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad() || !file.is_open()) return WebhookKeys::Unusable{"cannot be read"};
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() > JwkSet::maxSize)
        return WebhookKeys::Unusable{"has more than " + std::to_string(JwkSet::maxSize) + " bytes"};
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
std::variant<std::string, WebhookKeys::Unusable> documentIn(std::string_view content) {
    const auto text = withoutByteOrderMark(content);
    if (isObject(text)) {
        const auto json = Json::parse(text);
        return json && json->find("kty") ? setOfOne(text) : std::string(text);
    }
    if (text.find("-----BEGIN ") == std::string_view::npos)
        return WebhookKeys::Unusable{"is neither JSON nor PEM"};
    const auto read = jwkOfPem(text);
    if (const auto* none = std::get_if<NoPublicKey>(&read)) return WebhookKeys::Unusable{none->why};
    return setOfOne(std::get<std::string>(read));
}

ReadKeys parseKeys(const std::string& document) {
    const auto parsed = JwkSet::parse(document);
    if (const auto* cause = std::get_if<Cause>(&parsed))
        return WebhookKeys::Unusable{*cause == Cause::keysNotJson ? "is not JSON"
                                                                  : "is neither a JWK nor a JWK set"};
    auto keys = std::get<std::shared_ptr<const JwkSet>>(parsed);
    if (!keys->skipped().empty())
        return WebhookKeys::Unusable{"has a key that cannot be used: " + keys->summary()};
    if (keys->empty()) return WebhookKeys::Unusable{"has no key"};
    if (keys->keys().size() > WebhookKeys::maxFileKeys)
        return WebhookKeys::Unusable{"has more than " + std::to_string(WebhookKeys::maxFileKeys) + " keys"};
    return keys;
}

Result refused(std::string why) {
    return {Verdict::refused, std::move(why)};
}

bool isSignedBy(const JsonWebKey& key, Algorithm algorithm, const CompactJws& jws) {
    const auto* verifier = key.verifierFor(algorithm);
    const auto signature = verifier ? decodeBase64Url(jws.encodedSignature()) : std::nullopt;
    return signature && verifier->verify(jws.signingInput(), *signature);
}

bool isSignedByOneOf(const JwkSet& keys, Algorithm algorithm, const CompactJws& jws) {
    const auto kid = jws.keyId();
    return std::any_of(keys.keys().begin(), keys.keys().end(), [&](const auto& key) {
        const bool isMeant = !kid || !key->keyId() || *key->keyId() == *kid;
        return isMeant && isSignedBy(*key, algorithm, jws);
    });
}

std::vector<const JsonWebKey*> keysOf(const KeySnapshot& snapshot, const std::string& kid) {
    std::vector<const JsonWebKey*> found;
    if (!snapshot.keys) return found;
    for (const auto& key : snapshot.keys->keys()) {
        if (key->keyId() == kid) found.push_back(key.get());
    }
    return found;
}

/// Why the payload is not that of a signature of this body; empty if it is.
std::string faultOfPayload(const CompactJws& jws, std::string_view body) {
    if (jws.isUnencoded()) return "the payload is not base64url";
    const auto payload = decodeBase64Url(jws.encodedPayload());
    const auto claims = payload ? Json::parse(*payload) : std::nullopt;
    if (!claims || !claims->object()) return "the payload is not a JSON object";
    if (claims->find("sub")) return "it is the token of a user, not a signature";
    const auto* hash = claims->find("request_body_sha256");
    if (!hash || !hash->string()) return "it has no request_body_sha256";
    if (*hash->string() != encodeBase64(sha256(body))) return "another body was signed";
    return {};
}

}  // namespace

ReadKeys WebhookKeys::read(const std::string& path) {
    const auto content = readText(path);
    if (const auto* unusable = std::get_if<Unusable>(&content)) return *unusable;
    const auto document = documentIn(std::get<std::string>(content));
    if (const auto* unusable = std::get_if<Unusable>(&document)) return *unusable;
    return parseKeys(std::get<std::string>(document));
}

WebhookKeys::WebhookKeys(std::shared_ptr<const JwkSet> own, std::vector<std::string> kids,
                         std::shared_ptr<KeySource> issuer)
    : _own(std::move(own)), _kids(std::move(kids)), _issuer(std::move(issuer)) {}

WebhookKeys::Result WebhookKeys::verify(std::string_view signatureJwt, std::string_view body) const {
    const auto parsed = CompactJws::parse(signatureJwt);
    if (const auto* refusal = std::get_if<Refusal>(&parsed))
        return refused(std::string(traitsOf(refusal->cause).name));
    const auto& jws = std::get<CompactJws>(parsed);
    auto result = verifySignature(jws);
    if (result.verdict != Verdict::authentic) return result;
    if (auto fault = faultOfPayload(jws, body); !fault.empty()) return refused(std::move(fault));
    return result;
}

WebhookKeys::Result WebhookKeys::verifySignature(const CompactJws& jws) const {
    const auto algorithm = algorithmNamed(jws.algorithm());
    if (!algorithm) return refused("the algorithm is not an asymmetric one that is supported");
    if (jws.hasInvalidKeyId()) return refused("kid is not a text");
    const auto* type = jws.header().find("typ");
    if (type && (!type->string() || *type->string() != "JWT")) return refused("typ is not JWT");
    if (_own && isSignedByOneOf(*_own, *algorithm, jws)) return {Verdict::authentic};
    return verifyByPinned(jws, *algorithm);
}

WebhookKeys::Result WebhookKeys::verifyByPinned(const CompactJws& jws, Algorithm algorithm) const {
    const auto kid = jws.keyId();
    if (!isPinned(kid)) {
        const auto signer = kid ? "kid " + inQuotes(*kid) : std::string("no kid");
        return refused("no key for events made the signature (" + signer + ")");
    }
    auto snapshot = _issuer->current();
    auto keys = keysOf(*snapshot, *kid);
    if (keys.empty() && _issuer->mayRefetch(FetchReason::keyMissing)) {
        snapshot = _issuer->refetch(FetchReason::keyMissing);
        keys = keysOf(*snapshot, *kid);
    }
    if (!snapshot->keys) return {Verdict::keysUnavailable, "the issuer's keys cannot be fetched"};
    const auto name = "the issuer's key of the kid " + inQuotes(*kid);
    if (keys.empty()) return refused(name + " is missing");
    if (keys.size() > 1) return refused(name + " is not the only one of that kid");
    if (!isSignedBy(*keys.front(), algorithm, jws)) return refused(name + " did not make the signature");
    return {Verdict::authentic};
}

bool WebhookKeys::isPinned(const std::optional<std::string>& kid) const {
    return _issuer && kid && std::find(_kids.begin(), _kids.end(), *kid) != _kids.end();
}

}  // namespace changebank::daemon
