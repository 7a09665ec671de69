#pragma once

#include <vector>

#include "changebank/daemon/settings/ParsedSettings.h"
#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

/// Adds the definitions of server.trustedProxies, server.forwardedField and server.proxyProtocol.
void addProxySettings(std::vector<SettingDefinition>& table);

/// Checks them with each other, and makes ServerLimits::proxies.
void checkProxies(ParsedSettings& parsed);

}  // namespace changebank::daemon
