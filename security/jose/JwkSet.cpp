#include "changebank/security/jose/JwkSet.h"

#include <algorithm>

namespace changebank::security {

namespace {

bool isRsa(const JsonWebKey& key) {
    return key.family() == KeyFamily::rsa;
}

bool isElliptic(const JsonWebKey& key) {
    return key.family() == KeyFamily::p256 || key.family() == KeyFamily::p384 ||
           key.family() == KeyFamily::p521;
}

bool isOctetKeyPair(const JsonWebKey& key) {
    return key.family() == KeyFamily::ed25519;
}

/// The kind of key that jose selects by the first two letters of `alg`.
auto kindOfKeyFor(std::string_view algorithm) -> bool (*)(const JsonWebKey&) {
    const auto family = algorithm.substr(0, 2);
    if (family == "ES") return isElliptic;
    if (family == "Ed") return isOctetKeyPair;
    return isRsa;
}

}  // namespace

JwkSet::Parsed JwkSet::parse(std::string_view document, const JwkSet* previous) {
    const auto json = Json::parse(document, limits);
    if (!json) return Cause::keysNotJson;
    const auto* member = json->find("keys");
    const auto* list = member ? member->array() : nullptr;
    if (!list) return Cause::keysMalformed;
    if (!std::all_of(list->begin(), list->end(), [](const Json& jwk) { return jwk.object() != nullptr; })) {
        return Cause::keysMalformed;
    }

    auto set = std::make_shared<JwkSet>();
    for (std::size_t index = 0; index < list->size(); ++index) {
        const Json& jwk = (*list)[index];
        const auto& [text, imported] = set->import(jwk, previous);
        if (const auto* key = std::get_if<std::shared_ptr<const JsonWebKey>>(&imported)) {
            set->add(text, *key);
        } else {
            const auto* keyId = jwk.find("kid");
            set->_skipped.push_back({index, keyId && keyId->string() ? *keyId->string() : std::string(),
                                     std::get<JsonWebKey::Unusable>(imported).reason});
        }
    }
    std::sort(set->_texts.begin(), set->_texts.end());
    return std::shared_ptr<const JwkSet>(std::move(set));
}

const JwkSet::Imports::value_type& JwkSet::import(const Json& jwk, const JwkSet* previous) {
    const auto [import, isNew] = _imports.try_emplace(jwk.toText());
    if (isNew) {
        const auto* known = previous ? previous->findImport(import->first) : nullptr;
        import->second = known ? *known : JsonWebKey::import(jwk);
    }
    return *import;
}

const JsonWebKey::Imported* JwkSet::findImport(const std::string& text) const {
    const auto found = _imports.find(text);
    return found == _imports.end() ? nullptr : &found->second;
}

void JwkSet::add(std::string_view text, const std::shared_ptr<const JsonWebKey>& key) {
    if (key->keyId()) _keysById[*key->keyId()].push_back(key.get());
    _all.push_back(key.get());
    _texts.push_back(text);
    _keys.push_back(key);
}

const JwkSet::Candidates& JwkSet::candidates(const std::optional<std::string>& keyId) const noexcept {
    static const Candidates none;
    if (!keyId) return _all;
    const auto found = _keysById.find(*keyId);
    return found == _keysById.end() ? none : found->second;
}

std::variant<const JsonWebKey*, Cause> JwkSet::select(
    Algorithm algorithm, const std::optional<std::string>& keyId) const noexcept {
    const JsonWebKey* match = nullptr;
    for (const auto* key : candidates(keyId)) {
        if (!key->verifierFor(algorithm)) continue;
        if (match) return Cause::multipleMatchingKeys;
        match = key;
    }
    if (!match) return Cause::noMatchingKey;
    return match;
}

Cause JwkSet::causeForUnknown(std::string_view algorithm,
                              const std::optional<std::string>& keyId) const noexcept {
    const auto isOfKind = kindOfKeyFor(algorithm);
    std::size_t matches = 0;
    for (const auto* key : candidates(keyId)) {
        if (isOfKind(*key) && !key->algorithm()) ++matches;
    }
    if (matches == 0) return Cause::noMatchingKey;
    return matches == 1 ? Cause::algorithmUnsupported : Cause::multipleMatchingKeys;
}

std::string JwkSet::summary() const {
    std::string text = std::to_string(_keys.size()) + " keys";
    if (_skipped.empty()) return text;
    text += ", " + std::to_string(_skipped.size()) + " skipped:";
    constexpr std::size_t maxNamed = 5;
    constexpr std::size_t maxKeyIdLength = 64;
    for (std::size_t i = 0; i < std::min(maxNamed, _skipped.size()); ++i) {
        text +=
            " " + quoteJson(_skipped[i].keyId.substr(0, maxKeyIdLength)) + " (" + _skipped[i].reason + ")";
    }
    return text;
}

bool JwkSet::hasSameKeysAs(const JwkSet& other) const {
    return _texts == other._texts;
}

}  // namespace changebank::security
