#include "kickstart/KeyApi.h"

#include "kickstart/BodyReader.h"
#include "kickstart/Instant.h"
#include "kickstart/JsonValues.h"

namespace changebank::kickstart {

using security::Json;

namespace {

constexpr std::int64_t defaultLength = 2048;

Json toJson(const NamedKey& named) {
    const auto& key = *named.key;
    Json::Object members{{"algorithm", jsonText(nameOf(key.algorithm()))},
                         {"hasPrivateKey", Json(true)},
                         {"id", jsonText(named.id.toText())},
                         {"insertInstant", jsonInteger(named.insertInstant)},
                         {"kid", jsonText(key.kid())},
                         {"lastUpdateInstant", jsonInteger(named.insertInstant)},
                         {"length", jsonInteger(key.bits())},
                         {"name", jsonText(named.name)}};
    if (!isSymmetric(key.algorithm())) members.emplace_back("publicKey", jsonText(key.publicPem()));
    members.emplace_back("type", jsonText(keyTypeOf(key.algorithm())));
    return Json(std::move(members));
}

std::optional<KeyAlgorithm> readAlgorithm(const BodyReader& body) {
    const auto name = body.requiredString("algorithm");
    const auto algorithm = keyAlgorithmNamed(name);
    if (!name.empty() && !algorithm) {
        body.refuse("algorithm", "invalid",
                    security::quoteJson(name) + " is none of " + std::string(keyAlgorithmNames()));
    }
    return algorithm;
}

int readLength(const BodyReader& body, KeyAlgorithm algorithm) {
    const auto length = body.positive("length").value_or(defaultLength);
    if (keyTypeOf(algorithm) == "RSA" && !SigningKey::isRsaLength(length)) {
        body.refuse("length", "invalid", "an RSA key has 2048, 3072 or 4096 bits");
        return 0;
    }
    return static_cast<int>(length);
}

/// The key that the body brings along: the private key of a pair as PEM, or the secret of an HMAC key.
std::shared_ptr<const SigningKey> readKey(const BodyReader& body, KeyAlgorithm algorithm) {
    if (isSymmetric(algorithm)) {
        const auto secret = body.requiredString("secret");
        if (secret.empty()) return nullptr;
        const auto kid = body.string("kid").value_or("");
        return SigningKey::ofSecret(algorithm, secret, kid);
    }
    const auto pem = body.requiredString("privateKey");
    auto key = SigningKey::ofPem(algorithm, pem);
    if (!key && !pem.empty()) {
        body.refuse("privateKey", "invalid",
                    "is no PEM of a private key for " + std::string(nameOf(algorithm)));
    }
    return key;
}

/// Who signs with the key, for a message; empty if nobody does.
std::string userOf(const DirectoryState& state, const Uuid& keyId) {
    const auto uses = [&](const JwtConfiguration& jwt) {
        return jwt.accessTokenKeyId == keyId || jwt.idTokenKeyId == keyId;
    };
    for (const auto& [id, tenant] : state.tenants) {
        if (uses(tenant.jwt)) return "the tenant " + id.toText();
    }
    for (const auto& [id, application] : state.applications) {
        if (uses(state.jwtOf(application))) {
            return "the application " + id.toText();
        }
    }
    for (const auto& [id, webhook] : state.webhooks) {
        if (webhook.signingKeyId == keyId) return "the webhook " + id.toText();
    }
    return {};
}

}  // namespace

void KeyApi::addTo(ApiRouter& router) {
    const auto generation = [this](const ApiCall& call) { return generate(call); };
    router.add("POST", "/api/key/generate", Access::globalApiKey, generation);
    router.add("POST", "/api/key/generate/{keyId}", Access::globalApiKey, generation);
    const auto intake = [this](const ApiCall& call) { return import(call); };
    router.add("POST", "/api/key/import", Access::globalApiKey, intake);
    router.add("POST", "/api/key/import/{keyId}", Access::globalApiKey, intake);
    router.add("GET", "/api/key", Access::globalApiKey, [this](const ApiCall&) { return retrieveAll(); });
    router.add("GET", "/api/key/{keyId}", Access::globalApiKey,
               [this](const ApiCall& call) { return retrieve(call); });
    router.add("DELETE", "/api/key/{keyId}", Access::globalApiKey,
               [this](const ApiCall& call) { return remove(call); });
}

ApiAnswer KeyApi::generate(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("key");
    const auto algorithm = readAlgorithm(body);
    const int length = algorithm ? readLength(body, *algorithm) : 0;
    auto name = body.requiredString("name");
    if (!errors.empty()) return ApiAnswer::refused(errors);
    return add({call.id ? *call.id : Uuid::random(), std::move(name),
                SigningKey::generate(*algorithm, length), instantOf(_clock)});
}

ApiAnswer KeyApi::import(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("key");
    const auto algorithm = readAlgorithm(body);
    auto name = body.requiredString("name");
    auto key = algorithm ? readKey(body, *algorithm) : nullptr;
    if (!errors.empty()) return ApiAnswer::refused(errors);
    return add({call.id ? *call.id : Uuid::random(), std::move(name), std::move(key), instantOf(_clock)});
}

ApiAnswer KeyApi::retrieveAll() const {
    return _directory.read([](const DirectoryState& state) {
        Json::Array keys;
        for (const auto& entry : state.keys) {
            keys.push_back(toJson(entry.second));
        }
        return ApiAnswer::ok(Json(Json::Object{{"keys", Json(std::move(keys))}}));
    });
}

ApiAnswer KeyApi::retrieve(const ApiCall& call) const {
    return _directory.read([&](const DirectoryState& state) {
        const auto found = state.keys.find(*call.id);
        if (found == state.keys.end()) return ApiAnswer::empty(404);
        return ApiAnswer::ok(Json(Json::Object{{"key", toJson(found->second)}}));
    });
}

ApiAnswer KeyApi::remove(const ApiCall& call) {
    return _directory.change([&](DirectoryState& state) {
        const auto found = state.keys.find(*call.id);
        if (found == state.keys.end()) return ApiAnswer::empty(404);
        const auto user = userOf(state, found->first);
        if (!user.empty()) {
            Errors errors;
            errors.addField("keyId", "inUse", "is in use by " + user);
            return ApiAnswer::refused(errors);
        }
        state.keys.erase(found);
        return ApiAnswer::empty(200);
    });
}

ApiAnswer KeyApi::add(const NamedKey& named) {
    return _directory.change([&](DirectoryState& state) {
        Errors errors;
        if (state.keys.contains(named.id)) errors.addField("keyId", "duplicate", "another key has this id");
        for (const auto& entry : state.keys) {
            if (entry.second.key->kid() == named.key->kid()) {
                errors.addField("key.kid", "duplicate", "another key has this kid");
            }
        }
        if (!errors.empty()) return ApiAnswer::refused(errors);
        state.keys.emplace(named.id, named);
        return ApiAnswer::ok(Json(Json::Object{{"key", toJson(named)}}));
    });
}

}  // namespace changebank::kickstart
