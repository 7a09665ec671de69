#include "changebank/daemon/admin/RevocationRequest.h"

#include <string>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/revocation/RevocationIds.h"

namespace changebank::daemon {

using security::Revocation;

namespace {

constexpr JsonLimits bodyLimits{std::size_t{16} * 1024, 2, 16};

/// The text of that name, nullptr for another name.
std::string* textNamed(Revocation& revocation, const std::string& name) {
    for (const auto& [known, id] : security::revocationIds) {
        if (name == known) return &(revocation.*id);
    }
    return name == "reason" ? &revocation.reason : nullptr;
}

}  // namespace

std::variant<Revocation, BadValue> revocationOf(std::string_view body,
                                                std::chrono::system_clock::time_point now) {
    const auto json = Json::parse(body, bodyLimits);
    if (!json || json->object() == nullptr) return BadValue{"the body is not a JSON object"};
    Revocation revocation{
        .issuedUpTo = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count(),
        .reason = "changebankctl"};
    for (const auto& [name, value] : *json->object()) {
        auto* text = textNamed(revocation, name);
        if (text == nullptr) return BadValue{"unknown member " + inQuotes(name)};
        if (value.string() == nullptr) return BadValue{inQuotes(name) + " is not a text"};
        *text = *value.string();
    }
    if (auto fault = revocation.fault()) return BadValue{"no revocation: " + *fault};
    return revocation;
}

}  // namespace changebank::daemon
