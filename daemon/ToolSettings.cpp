#include "daemon/ToolSettings.h"

#include <unistd.h>

#include "daemon/DaemonOptions.h"

namespace changebank::daemon {

SettingsSources toolSources() {
    SettingsSources sources;
    if (::access(DaemonOptions::defaultFile, R_OK) == 0) sources.file = DaemonOptions::defaultFile;
    sources.environment = SettingsSources::processEnvironment();
    return sources;
}

}  // namespace changebank::daemon
