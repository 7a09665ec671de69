#include "changebank/daemon/control/client/UsageMessage.h"

#include <iostream>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

int reportUsage(std::string_view command, const std::string& why) {
    std::cerr << "changebankctl " << command << ": " << oneLine(why) << "; see changebankctl " << command
              << " --help\n";
    return exitUsage;
}

}  // namespace changebank::daemon
