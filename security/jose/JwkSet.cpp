#include "changebank/security/jose/JwkSet.h"

#include <algorithm>

#include "changebank/base/text/ByteOrderMark.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonParts.h"
#include "changebank/base/text/Utf8.h"

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

bool isText(std::string_view json, std::string_view text) {
    const auto value = Json::parse(json);
    return value && value->string() && *value->string() == text;
}

/// The entries of the array `keys`, or why there are none.
std::variant<std::vector<std::string_view>, Cause> entriesOf(std::string_view document) {
    const auto none = [document] {
        constexpr JsonLimits whole{JwkSet::maxSize, 16, 100'000};
        return Json::parse(document, whole) ? Cause::keysMalformed : Cause::keysNotJson;
    };
    if (document.size() > JwkSet::maxSize) return Cause::keysNotJson;
    const auto members = membersOf(document);
    if (!members) return none();
    std::optional<std::string_view> keys;
    for (const auto& [name, value] : *members) {
        if (!isText(name, "keys")) continue;
        if (keys) return Cause::keysNotJson;
        keys = value;
    }
    auto entries = keys ? elementsOf(*keys) : std::nullopt;
    if (!entries) return none();
    return std::move(*entries);
}

/// The key id of an entry that is not well-formed; empty if it cannot be found.
std::string keyIdIn(std::string_view entry) {
    const auto members = membersOf(entry);
    if (!members) return {};
    for (const auto& [name, value] : *members) {
        const auto keyId = isText(name, "kid") ? Json::parse(value) : std::nullopt;
        if (keyId && keyId->string()) return *keyId->string();
    }
    return {};
}

/// Why an entry cannot be read.
std::string whyUnreadable(std::string_view entry, std::size_t place) {
    if (entry.size() > JwkSet::limits.size) return "larger than 64 KiB";
    if (!isUtf8(entry)) return "not UTF-8";
    return "not JSON, a member twice, or too deep: see byte " + std::to_string(place) + " of the entry";
}

}  // namespace

JwkSet::Parsed JwkSet::parse(std::string_view document, const JwkSet* previous, const JwkSetBounds& bounds) {
    const auto split = entriesOf(withoutByteOrderMark(document));
    if (const auto* cause = std::get_if<Cause>(&split)) return *cause;
    const auto& entries = std::get<0>(split);
    auto set = std::make_shared<JwkSet>();
    const auto count = std::min(entries.size(), bounds.maxKeys);
    set->_ignored = entries.size() - count;
    for (std::size_t index = 0; index < count; ++index)
        set->read(index, entries[index], previous, bounds);
    std::sort(set->_texts.begin(), set->_texts.end());
    return std::shared_ptr<const JwkSet>(std::move(set));
}

void JwkSet::read(std::size_t index, std::string_view entry, const JwkSet* previous,
                  const JwkSetBounds& bounds) {
    std::size_t end = 0;
    const auto jwk = Json::parse(entry, limits, &end);
    if (!jwk) {
        _skipped.push_back({index, keyIdIn(entry), whyUnreadable(entry, end)});
        return;
    }
    const auto* member = jwk->find("kid");
    const std::string keyId = member && member->string() ? *member->string() : std::string();
    const auto* import = this->import(*jwk, previous, bounds);
    if (!import) {
        _isComplete = false;
        _skipped.push_back({index, keyId, "not checked yet: the checks of this set take too long"});
    } else if (const auto* key = std::get_if<std::shared_ptr<const JsonWebKey>>(&import->second)) {
        add(import->first, *key);
    } else {
        _skipped.push_back({index, keyId, std::get<JsonWebKey::Unusable>(import->second).reason});
    }
}

const JwkSet::Imports::value_type* JwkSet::import(const Json& jwk, const JwkSet* previous,
                                                  const JwkSetBounds& bounds) {
    auto text = jwk.toText();
    if (const auto known = _imports.find(text); known != _imports.end()) return &*known;
    if (previous) {
        if (const auto known = previous->_imports.find(text); known != previous->_imports.end())
            return &*_imports.insert(*known).first;
    }
    if (bounds.mayCheck && !bounds.mayCheck()) return nullptr;
    return &*_imports.emplace(std::move(text), JsonWebKey::import(jwk)).first;
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
    if (_ignored > 0) {
        text += ", " + std::to_string(_ignored) + " ignored: a set may have " +
                std::to_string(_keys.size() + _skipped.size());
    }
    if (_skipped.empty()) return text;
    text += ", " + std::to_string(_skipped.size()) + " skipped:";
    constexpr std::size_t maxNamed = 5;
    for (std::size_t i = 0; i < std::min(maxNamed, _skipped.size()); ++i) {
        const auto& [index, keyId, reason] = _skipped[i];
        text += " " + (keyId.empty() ? "keys[" + std::to_string(index) + "]" : inQuotes(keyId)) + " (" +
                reason + ")";
    }
    return text;
}

bool JwkSet::hasSameKeysAs(const JwkSet& other) const {
    return _texts == other._texts;
}

}  // namespace changebank::security
