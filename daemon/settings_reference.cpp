#include <cstring>
#include <iostream>

#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/SettingsReference.h"

/// Prints the reference of settings: `settings_reference man` writes packaging/man/changebank.properties.5,
/// `settings_reference markdown` docs/settings.md.
int main(int argc, char** argv) {
    using namespace changebank::daemon;
    if (argc == 2 && std::strcmp(argv[1], "man") == 0) {
        std::cout << settingsManualPage();
        return exitOk;
    }
    if (argc == 2 && std::strcmp(argv[1], "markdown") == 0) {
        std::cout << settingsTable();
        return exitOk;
    }
    std::cerr << "usage: settings_reference man|markdown\n";
    return exitUsage;
}
