#pragma once

#include <string>

namespace changebank::kickstart {

/// A name and a password of the kickstart, which pages show to developers. The user may be gone by now, or
/// have another password.
struct SampleLogin {
    std::string loginId;
    std::string password;
};

}  // namespace changebank::kickstart
