#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/settings/SettingType.h"
#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// What GET /revocations asks for: the revocations with all of these ids, where an empty one is any.
struct RevocationsFilter {
    std::string session{};
    std::string user{};
    std::string application{};
    std::string tenant{};
    /// The most that are listed.
    std::size_t limit = 100;

    static constexpr std::size_t maxLimit = 10'000;

    /// Reads the query of the request; ignores parameters that it does not know.
    static std::variant<RevocationsFilter, BadValue> parse(std::string_view query);

    bool matches(const security::Revocation& revocation) const;
};

}  // namespace changebank::daemon
