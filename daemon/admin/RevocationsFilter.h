#pragma once

#include <cstddef>
#include <string_view>
#include <variant>

#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// What GET /revocations asks for.
struct RevocationsFilter {
    /// Those with all of its ids, where an empty one is any.
    security::Revocation wanted{};
    /// The most that are listed.
    std::size_t limit = 100;

    static constexpr std::size_t maxLimit = 10'000;

    /// Reads the query of the request; ignores parameters that it does not know.
    static std::variant<RevocationsFilter, BadValue> parse(std::string_view query);

    bool matches(const security::Revocation& revocation) const;
};

}  // namespace changebank::daemon
