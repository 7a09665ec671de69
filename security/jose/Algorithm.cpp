#include "changebank/security/jose/Algorithm.h"

#include "changebank/base/text/Trimmed.h"

namespace changebank::security {

namespace {

constexpr std::array<AlgorithmTraits, algorithmCount> table{{
    {Algorithm::rs256, "RS256", KeyFamily::rsa, "SHA256", false},
    {Algorithm::rs384, "RS384", KeyFamily::rsa, "SHA384", false},
    {Algorithm::rs512, "RS512", KeyFamily::rsa, "SHA512", false},
    {Algorithm::ps256, "PS256", KeyFamily::rsa, "SHA256", true},
    {Algorithm::ps384, "PS384", KeyFamily::rsa, "SHA384", true},
    {Algorithm::ps512, "PS512", KeyFamily::rsa, "SHA512", true},
    {Algorithm::es256, "ES256", KeyFamily::p256, "SHA256", false},
    {Algorithm::es384, "ES384", KeyFamily::p384, "SHA384", false},
    {Algorithm::es512, "ES512", KeyFamily::p521, "SHA512", false},
    {Algorithm::ed25519, "Ed25519", KeyFamily::ed25519, nullptr, false},
}};

}  // namespace

const AlgorithmTraits& traitsOf(Algorithm algorithm) noexcept {
    return table[static_cast<std::size_t>(algorithm)];
}

std::optional<Algorithm> algorithmNamed(std::string_view name) noexcept {
    for (const auto& traits : table) {
        if (traits.name == name) return traits.algorithm;
    }
    if (name == "EdDSA") return Algorithm::ed25519;
    return std::nullopt;
}

AlgorithmSet AlgorithmSet::all() noexcept {
    AlgorithmSet set;
    set._bits.set();
    return set;
}

std::optional<AlgorithmSet> AlgorithmSet::parse(std::string_view list) {
    AlgorithmSet set;
    while (true) {
        const auto comma = list.find(',');
        const auto algorithm = algorithmNamed(trimmed(list.substr(0, comma)));
        if (!algorithm) return std::nullopt;
        set.insert(*algorithm);
        if (comma == std::string_view::npos) return set;
        list.remove_prefix(comma + 1);
    }
}

AlgorithmSet AlgorithmSet::firstOfEachFamily() const noexcept {
    AlgorithmSet first;
    std::optional<KeyFamily> last;
    for (const auto& traits : table) {
        if (!contains(traits.algorithm) || last == traits.family) continue;
        first.insert(traits.algorithm);
        last = traits.family;
    }
    return first;
}

std::vector<std::string> AlgorithmSet::names() const {
    std::vector<std::string> names;
    for (const auto& traits : table) {
        if (contains(traits.algorithm)) names.emplace_back(traits.name);
    }
    return names;
}

std::string AlgorithmSet::toText() const {
    std::string text;
    for (const auto& name : names())
        text += (text.empty() ? "" : ",") + name;
    return text;
}

}  // namespace changebank::security
