#include "changebank/daemon/settings/ProxySettings.h"

namespace changebank::daemon {

void addProxySettings(std::vector<SettingDefinition>&) {}

void checkProxies(ParsedSettings&) {}

}  // namespace changebank::daemon
