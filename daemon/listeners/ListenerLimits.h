#pragma once

#include "changebank/daemon/http/loop/ServerLimits.h"
#include "changebank/daemon/listeners/ListenerPurpose.h"
#include "changebank/daemon/settings/Settings.h"

namespace changebank::daemon {

/// The limits of a listener: by the settings for the API, as far as file descriptors allow, and fixed ones
/// for the others.
http::ServerLimits limitsOf(ListenerPurpose purpose, const Settings& settings);

}  // namespace changebank::daemon
