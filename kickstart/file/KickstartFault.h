#pragma once

#include <stdexcept>
#include <string>

namespace changebank::kickstart {

/// An error in a kickstart. The text is `FILE: PLACE: REASON`, where the place is "3:17" or
/// "requests[2].body.user".
class KickstartFault : public std::runtime_error {
public:
    KickstartFault(const std::string& file, const std::string& place, const std::string& reason)
        : std::runtime_error(file + ": " + (place.empty() ? "" : place + ": ") + reason) {}
};

}  // namespace changebank::kickstart
