#include "changebank/daemon/admin/ConfigReport.h"

#include <Poco/JSON/Array.h>

#include "changebank/base/text/JsonText.h"
#include "changebank/daemon/admin/ReportTimes.h"
#include "changebank/daemon/settings/SettingsText.h"

namespace changebank::daemon {

std::string configReport(const SettingsReading& reading) {
    Poco::JSON::Array settings;
    for (const auto& shown : shownSettings(reading))
        settings.add(jsonObject({{"key", shown.key}, {"value", shown.value}, {"from", shown.place}}));
    return textOf(jsonObject({{"settings", settings}}));
}

}  // namespace changebank::daemon
