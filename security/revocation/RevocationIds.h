#pragma once

#include <array>
#include <string>
#include <utility>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::security {

/// The ids of a revocation by their names in JSON, in the order in which they are written and shown.
inline constexpr std::array<std::pair<const char*, std::string Revocation::*>, 4> revocationIds{{
    {"session", &Revocation::session},
    {"user", &Revocation::user},
    {"application", &Revocation::application},
    {"tenant", &Revocation::tenant},
}};

}  // namespace changebank::security
