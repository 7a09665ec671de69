#include "daemon/admin/ConfigReport.h"

#include <Poco/JSON/Array.h>

#include "daemon/SettingsText.h"
#include "daemon/admin/ReportTimes.h"
#include "handlers/JsonText.h"

namespace changebank::daemon {

std::string configReport(const SettingsReading& reading) {
    Poco::JSON::Array settings;
    for (const auto& shown : shownSettings(reading))
        settings.add(
            handlers::jsonObject({{"key", shown.key}, {"value", shown.value}, {"from", shown.place}}));
    return handlers::textOf(handlers::jsonObject({{"settings", settings}}));
}

}  // namespace changebank::daemon
