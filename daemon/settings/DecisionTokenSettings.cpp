#include "changebank/daemon/settings/DecisionTokenSettings.h"

namespace changebank::daemon {

void addDecisionTokenSettings(std::vector<SettingDefinition>&) {}

void checkDecisionToken(ParsedSettings&) {}

}  // namespace changebank::daemon
