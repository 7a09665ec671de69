#pragma once

#include <stdexcept>
#include <string>

namespace changebank::kickstart {

/// What stops a kickstart: the place in the file ("3:17" or "requests[2].body.user") and the reason, for a
/// person. The text is `FILE: PLACE: REASON`.
class KickstartFault : public std::runtime_error {
public:
    KickstartFault(const std::string& file, const std::string& place, const std::string& reason)
        : std::runtime_error(file + ": " + (place.empty() ? "" : place + ": ") + reason) {}
};

}  // namespace changebank::kickstart
