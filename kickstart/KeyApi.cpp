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

}  // namespace

void KeyApi::addTo(ApiRouter& router) {
    const auto endpoint = [this](const ApiCall& call) { return generate(call); };
    router.add("POST", "/api/key/generate", Access::globalApiKey, endpoint);
    router.add("POST", "/api/key/generate/{keyId}", Access::globalApiKey, endpoint);
}

ApiAnswer KeyApi::generate(const ApiCall& call) {
    Errors errors;
    const auto body = BodyReader(call.body, "", errors).object("key");
    const auto algorithm = readAlgorithm(body);
    const int length = algorithm ? readLength(body, *algorithm) : 0;
    auto name = body.requiredString("name");
    if (!errors.empty()) return ApiAnswer::refused(errors);

    const NamedKey named{call.id ? *call.id : Uuid::random(), std::move(name),
                         SigningKey::generate(*algorithm, length), instantOf(_clock)};
    if (!_directory.change(
            [&](DirectoryState& state) { return state.keys.emplace(named.id, named).second; })) {
        errors.addField("keyId", "duplicate", "another key has this id");
        return ApiAnswer::refused(errors);
    }
    return ApiAnswer::ok(Json(Json::Object{{"key", toJson(named)}}));
}

}  // namespace changebank::kickstart
