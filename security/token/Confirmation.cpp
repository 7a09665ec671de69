#include "changebank/security/token/Confirmation.h"

#include <utility>

#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

namespace {

bool isSha256Digest(const Json& value) {
    constexpr std::size_t size = 32;
    const auto digest = value.string() ? decodeBase64Url(*value.string()) : std::nullopt;
    return digest && digest->size() == size;
}

}  // namespace

std::variant<Confirmation, Refusal> Confirmation::read(const Json* claim) {
    Confirmation confirmation;
    if (!claim) return confirmation;
    const Refusal refusal{Cause::claimUnexpected, "cnf"};
    const auto* members = claim->object();
    if (!members || members->empty()) return refusal;
    for (const auto& [name, value] : *members) {
        if (!isSha256Digest(value)) return refusal;
        if (name == "jkt") {
            confirmation.keyThumbprint = *value.string();
            confirmation.key = std::make_shared<const BoundKey>();
        } else if (name == "x5t#S256") {
            confirmation.certificateThumbprint = *value.string();
        } else {
            return refusal;
        }
    }
    return confirmation;
}

}  // namespace changebank::security
