#include "changebank/daemon/admin/ConfigReport.h"

#include <Poco/JSON/Array.h>

#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/ReportTimes.h"
#include "changebank/daemon/settings/SettingsText.h"

namespace changebank::daemon {

std::string configReport(const ParsedSettings& parsed) {
    Poco::JSON::Array settings;
    for (const auto& entry : settingEntries(parsed))
        settings.add(jsonObject({{"key", entry.key}, {"value", entry.value}, {"from", entry.place}}));
    return textOf(jsonObject({{"settings", settings}}));
}

}  // namespace changebank::daemon
