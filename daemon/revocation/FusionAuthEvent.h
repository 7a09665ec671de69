#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// An event of FusionAuth, as its webhooks send it: `{"event":{…}}`. Unknown members and types are expected.
struct FusionAuthEvent {
    std::string id;
    std::string type;
    /// In milliseconds since 1970.
    std::int64_t createInstant = 0;
    std::string tenant;
    /// What it revokes; std::nullopt: nothing.
    std::optional<security::Revocation> revocation;
    /// Signing keys were changed.
    bool changesKeys = false;

    /// Why a text is not an event that we understand.
    struct Malformed {
        std::string why;
    };
    static std::variant<FusionAuthEvent, Malformed> parse(std::string_view body);
};

}  // namespace changebank::daemon
