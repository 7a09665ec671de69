#pragma once

#include <functional>
#include <string>

#include "changebank/kickstart/api/ApiRouter.h"
#include "changebank/kickstart/directory/Directory.h"
#include "changebank/kickstart/file/Kickstart.h"

namespace changebank::kickstart {

/// Runs a kickstart's requests in order, with its first API key. Reports each element of the kickstart that
/// is left out, and each request that fails or is for an unsupported API, in one line with its place and the
/// reason; the others go on.
void runKickstart(const Kickstart& kickstart, const ApiRouter& apis,
                  const std::function<void(const std::string&)>& report);

/// The names and passwords of the users that the kickstart's requests create or change.
std::vector<SampleLogin> sampleLoginsOf(const Kickstart& kickstart);

/// Reports each unsupported grant that an application enables, in one line.
void reportUnservedGrants(const DirectoryState& state, const std::function<void(const std::string&)>& report);

}  // namespace changebank::kickstart
