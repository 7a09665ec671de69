#include "changebank/daemon/settings/DevelopmentWarning.h"

#include "changebank/daemon/settings/SettingDefinition.h"

namespace changebank::daemon {

std::string developmentWarning(const Settings& settings) {
    const auto& policy = settings.auth.policy;
    const std::string audience(findSetting("auth.audience")->defaultValue);
    if (policy.issuer != findSetting("auth.issuer")->defaultValue ||
        policy.audiences != decltype(policy.audiences){audience}) {
        return {};
    }
    return "auth.issuer and auth.audience are those of the kickstart, for development; set them to those of "
           "your "
           "FusionAuth";
}

}  // namespace changebank::daemon
