#include "daemon/admin/ConfigReport.h"

#include <Poco/JSON/Array.h>

#include "daemon/SettingsText.h"
#include "daemon/admin/JsonText.h"

namespace changebank::daemon {

std::string configReport(const SettingsReading& reading) {
    Poco::JSON::Array settings;
    for (const auto& shown : shownSettings(reading)) {
        auto object = orderedObject();
        object.set("key", shown.key);
        object.set("value", shown.value);
        object.set("from", shown.place);
        settings.add(object);
    }
    auto object = orderedObject();
    object.set("settings", settings);
    return textOf(object);
}

}  // namespace changebank::daemon
