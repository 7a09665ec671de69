#include "changebank/security/jose/CompactJws.h"

#include <algorithm>

#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

namespace {

bool isNonEmptyString(const Json& value) {
    return value.string() && !value.string()->empty();
}

bool hasRepeatedName(const Json::Array& names) {
    for (auto name = names.begin(); name != names.end(); ++name) {
        const auto isSame = [name](const Json& other) { return *other.string() == *name->string(); };
        if (std::any_of(names.begin(), name, isSame)) return true;
    }
    return false;
}

/// RFC 7515 section 4.1.11. The only extension that we understand is b64, and only to refuse it.
std::optional<Refusal> checkCritical(const Json& header) {
    const auto* critical = header.find("crit");
    if (!critical) return std::nullopt;
    const auto* names = critical->array();
    if (!names || names->empty() || !std::all_of(names->begin(), names->end(), isNonEmptyString)) {
        return Refusal{Cause::critInvalid};
    }
    for (const auto& name : *names) {
        if (*name.string() != "b64") return Refusal{Cause::extensionUnknown, *name.string()};
    }
    if (hasRepeatedName(*names)) return Refusal{Cause::critInvalid};
    if (!header.find("b64")) return Refusal{Cause::b64Missing};
    return std::nullopt;
}

std::optional<Refusal> checkHeader(const Json& header) {
    if (auto refusal = checkCritical(header)) return refusal;
    if (const auto* b64 = header.find("b64"); b64 && !b64->boolean()) return Refusal{Cause::b64NotBoolean};
    const auto* algorithm = header.find("alg");
    if (!algorithm || !isNonEmptyString(*algorithm)) return Refusal{Cause::algorithmMissing};
    return std::nullopt;
}

}  // namespace

std::variant<CompactJws, Refusal> CompactJws::parse(std::string_view token) {
    if (token.size() > sizeLimit) return Refusal{Cause::notCompact};
    const auto first = token.find('.');
    if (first == std::string_view::npos) return Refusal{Cause::notCompact};
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos) return Refusal{Cause::notCompact};
    if (token.find('.', second + 1) != std::string_view::npos) return Refusal{Cause::notCompact};

    CompactJws jws;
    jws._signingInput = token.substr(0, second);
    jws._encodedPayload = token.substr(first + 1, second - first - 1);
    jws._encodedSignature = token.substr(second + 1);

    const auto encodedHeader = token.substr(0, first);
    if (encodedHeader.empty()) return Refusal{Cause::algorithmMissing};
    const auto headerText = decodeBase64Url(encodedHeader);
    if (!headerText) return Refusal{Cause::headerInvalid};
    auto header = Json::parse(*headerText);
    if (!header) return Refusal{Cause::headerInvalid};
    jws._header = std::move(*header);
    if (auto refusal = checkHeader(jws._header)) return std::move(*refusal);
    return jws;
}

std::optional<std::string> CompactJws::keyId() const {
    const auto* member = _header.find("kid");
    return member && member->string() ? std::optional(*member->string()) : std::nullopt;
}

bool CompactJws::hasInvalidKeyId() const noexcept {
    const auto* member = _header.find("kid");
    return member && !member->string();
}

bool CompactJws::isUnencoded() const noexcept {
    const auto* member = _header.find("b64");
    return member && member->boolean() && !*member->boolean();
}

}  // namespace changebank::security
