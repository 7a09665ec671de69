#include "changebank/daemon/settings/DevelopmentWarning.h"

#include <algorithm>

#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

std::string developmentWarning(const Settings& settings) {
    const auto& policy = settings.auth.first().policy;
    const auto& table = SettingTable::base();
    const std::string audience(table.find("auth.audience")->defaultValue);
    if (policy.issuer != table.find("auth.issuer")->defaultValue ||
        std::find(policy.audiences.begin(), policy.audiences.end(), audience) == policy.audiences.end()) {
        return {};
    }
    return "auth.issuer and auth.audience are those of the kickstart, for development; set them to those of "
           "your "
           "FusionAuth";
}

}  // namespace changebank::daemon
