#include "changebank/daemon/settings/DecisionSettings.h"

namespace changebank::daemon {

void addDecisionSettings(std::vector<SettingDefinition>&, const std::vector<unsigned>&) {}

void checkDecision(ParsedSettings&) {}

}  // namespace changebank::daemon
