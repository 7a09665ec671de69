#include "changebank/daemon/revocation/WebhookKeys.h"

#include <algorithm>
#include <utility>

#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"

namespace changebank::daemon {

using namespace security;

namespace {

using Verdict = WebhookKeys::Verdict;

WebhookKeys::Result refused(std::string why) {
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
        snapshot = _issuer->refetch(FetchReason::keyMissing, snapshot->generation);
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
