#pragma once

#include <functional>
#include <string>

#include "changebank/kickstart/api/ApiRouter.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/file/Kickstart.h"

namespace changebank::kickstart {

/// Carries out a kickstart's requests in their order, as its first API key would over HTTP. A request that no
/// API here serves is reported and skipped; `report` gets one line for each. Throws KickstartFault with the
/// place and the reason at the first request that an API refuses.
void runKickstart(const Kickstart& kickstart, const ApiRouter& apis,
                  const std::function<void(const std::string&)>& report);

/// Reports each application that enables a grant which is not served here, in one line.
void reportUnservedGrants(const DirectoryState& state, const std::function<void(const std::string&)>& report);

}  // namespace changebank::kickstart
