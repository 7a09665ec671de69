#pragma once

#include <array>
#include <string>
#include <utility>

#include "changebank/security/revocation/Revocation.h"

namespace changebank::daemon {

/// The ids of a revocation by their names on the admin socket, in the order in which they are shown.
inline constexpr std::array<std::pair<const char*, std::string security::Revocation::*>, 4> revocationIds{{
    {"session", &security::Revocation::session},
    {"user", &security::Revocation::user},
    {"application", &security::Revocation::application},
    {"tenant", &security::Revocation::tenant},
}};

}  // namespace changebank::daemon
