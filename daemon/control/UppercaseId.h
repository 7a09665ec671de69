#pragma once

#include <string>
#include <string_view>

namespace changebank::daemon {

/// Warns on standard error if an id has the form of a UUID (RFC 9562 section 4) with capitals: ids are
/// compared by bytes, and those of FusionAuth are in lower case.
void warnOfUppercaseId(std::string_view command, const std::string& id);

}  // namespace changebank::daemon
