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
    std::string type;
    /// FusionAuth's id of the event, which is the same in each delivery. Empty if it is ignored.
    std::string id{};
    /// In milliseconds since 1970, by FusionAuth's clock. 0 if it is ignored.
    std::int64_t createInstant = 0;
    /// What it revokes, without a fault(); the reason is the type. std::nullopt: nothing.
    std::optional<security::Revocation> revocation{};
    /// Signing keys were changed.
    bool changesKeys = false;

    /// Its type is of no interest; nothing but the type was read.
    bool isIgnored() const noexcept { return !revocation && !changesKeys; }

    /// Why a text is not an event that we understand, in words; shows nothing of the text.
    struct Malformed {
        std::string why;
    };

    /// Reads a body of any size. A member that is null counts as absent. Revokes, by type:
    ///
    ///     jwt.refresh-token.revoke                     the session `refreshToken.id`, else all that `userId`
    ///                                                  and `applicationId` name, together or alone
    ///     user.deactivate, .delete, .password.update   the user
    ///     user.registration.delete                     the user in the application
    ///
    /// each up to the second of `createInstant`. jwt.public-key.update changes keys. If one of these types
    /// lacks what it needs, it is malformed, not ignored: a revocation would be lost.
    static std::variant<FusionAuthEvent, Malformed> parse(std::string_view body);
};

}  // namespace changebank::daemon
