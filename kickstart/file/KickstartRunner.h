#pragma once

#include <functional>
#include <string>

#include "changebank/kickstart/api/ApiRouter.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/file/Kickstart.h"

namespace changebank::kickstart {

/// Runs a kickstart's requests in order, with its first API key. Reports each request to an unsupported API,
/// in one line, and skips it. Throws KickstartFault with the place and the reason at the first request that
/// fails.
void runKickstart(const Kickstart& kickstart, const ApiRouter& apis,
                  const std::function<void(const std::string&)>& report);

/// Reports each unsupported grant that an application enables, in one line.
void reportUnservedGrants(const DirectoryState& state, const std::function<void(const std::string&)>& report);

}  // namespace changebank::kickstart
