#include "changebank/kickstart/api/Apis.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

constexpr std::int64_t usualKeyLength = 2048;

Poco::JSON::Object toJson(const NamedKey& named) {
    const auto& key = *named.key;
    auto members = jsonObject({{"algorithm", std::string(nameOf(key.algorithm()))},
                               {"id", named.id.toText()},
                               {"insertInstant", named.insertInstant},
                               {"kid", key.kid()},
                               {"length", key.bits()},
                               {"name", named.name}});
    if (!isSymmetric(key.algorithm())) members.set("publicKey", key.publicPem());
    members.set("type", std::string(keyTypeOf(key.algorithm())));
    return members;
}

std::optional<KeyAlgorithm> readAlgorithm(const BodyReader& body) {
    const auto name = body.requiredString("algorithm");
    const auto algorithm = keyAlgorithmNamed(name);
    if (!name.empty() && !algorithm) {
        body.addError("algorithm", "invalid", quoteJson(name) + " is not supported");
    }
    return algorithm;
}

/// A new key as the body asks for; adds an error and returns nullptr if that is not supported.
std::shared_ptr<const SigningKey> generateKey(const BodyReader& body, KeyAlgorithm algorithm) {
    const auto length = body.positive("length").value_or(usualKeyLength);
    if (keyTypeOf(algorithm) == "RSA" && !SigningKey::isRsaLength(length)) {
        body.addError("length", "invalid", "an RSA key has 2048, 3072 or 4096 bits");
        return nullptr;
    }
    return SigningKey::generate(algorithm, static_cast<int>(length));
}

/// The key in the body: the private key of a pair as PEM, or the secret of an HMAC key.
std::shared_ptr<const SigningKey> readKey(const BodyReader& body, KeyAlgorithm algorithm) {
    if (isSymmetric(algorithm)) {
        const auto secret = body.requiredString("secret");
        if (secret.empty()) return nullptr;
        return SigningKey::ofSecret(algorithm, secret, body.string("kid").value_or(""));
    }
    const auto pem = body.requiredString("privateKey");
    auto key = SigningKey::ofPem(algorithm, pem);
    if (!key && !pem.empty()) {
        body.addError("privateKey", "invalid",
                      "is not a PEM private key for " + std::string(nameOf(algorithm)));
    }
    return key;
}

/// What signs with the key, for a message; empty if nothing does.
std::string userOf(const DirectoryState& state, const Uuid& keyId) {
    const auto uses = [&](const JwtConfiguration& jwt) {
        return jwt.accessTokenKeyId == keyId || jwt.idTokenKeyId == keyId;
    };
    for (const auto& [id, tenant] : state.tenants) {
        if (uses(tenant.jwt)) return "the tenant " + id.toText();
    }
    for (const auto& [id, application] : state.applications) {
        if (uses(state.jwtOf(application))) return "the application " + id.toText();
    }
    for (const auto& [id, webhook] : state.webhooks) {
        if (webhook.signingKeyId == keyId) return "the webhook " + id.toText();
    }
    return {};
}

/// Adds the key that `make` returns for the body.
ApiResponse addKey(ApiCall& call,
                   std::shared_ptr<const SigningKey> (*make)(const BodyReader&, KeyAlgorithm)) {
    const auto body = call.reader().object("key");
    const auto algorithm = readAlgorithm(body);
    NamedKey named{call.newId(), body.requiredString("name"), nullptr, call.now};
    if (call.state.keys.contains(named.id)) {
        call.errors.addField("keyId", "duplicate", "another key has this id");
    }
    if (call.errors.empty()) named.key = make(body, *algorithm);
    for (const auto& entry : call.state.keys) {
        if (named.key && entry.second.key->kid() == named.key->kid()) {
            body.addError("kid", "duplicate", "another key has this kid");
        }
    }
    if (!call.errors.empty()) return call.badRequest();
    call.state.keys.emplace(named.id, named);
    return ApiResponse::ok(jsonObject({{"key", toJson(named)}}));
}

ApiResponse addGeneratedKey(ApiCall& call) {
    return addKey(call, generateKey);
}

ApiResponse addImportedKey(ApiCall& call) {
    return addKey(call, readKey);
}

ApiResponse showKey(ApiCall& call) {
    const auto found = call.state.keys.find(*call.id);
    if (found == call.state.keys.end()) return ApiResponse::empty(404);
    return ApiResponse::ok(jsonObject({{"key", toJson(found->second)}}));
}

ApiResponse removeKey(ApiCall& call) {
    if (!call.state.keys.contains(*call.id)) return ApiResponse::empty(404);
    const auto user = userOf(call.state, *call.id);
    if (!user.empty()) {
        call.errors.addField("keyId", "inUse", "is in use by " + user);
        return call.badRequest();
    }
    call.state.keys.erase(*call.id);
    return ApiResponse::empty(200);
}

}  // namespace

void addKeyApi(ApiRouter& router) {
    router.add({{"POST", "/api/key/generate", Access::globalApiKey, addGeneratedKey},
                {"POST", "/api/key/generate/{keyId}", Access::globalApiKey, addGeneratedKey},
                {"POST", "/api/key/import", Access::globalApiKey, addImportedKey},
                {"POST", "/api/key/import/{keyId}", Access::globalApiKey, addImportedKey},
                {"GET", "/api/key/{keyId}", Access::globalApiKey, showKey},
                {"DELETE", "/api/key/{keyId}", Access::globalApiKey, removeKey}});
}

}  // namespace changebank::kickstart
