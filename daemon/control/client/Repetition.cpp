#include "changebank/daemon/control/client/Repetition.h"

#include <iostream>
#include <thread>

#include "changebank/daemon/control/client/AdminAnswer.h"
#include "changebank/daemon/process/ExitStatus.h"

namespace changebank::daemon {

int Repetition::run() const {
    for (bool isFirst = true;; isFirst = false) {
        if (const auto fault = round()) {
            if (isFirst || fault->kind == AdminFault::Kind::forbidden) return reportFault(*fault);
            failed(*fault);
        }
        if (!std::cout.flush() || !wait()) return exitOk;
    }
}

std::function<bool()> Repetition::every(std::chrono::milliseconds interval) {
    return [interval] {
        std::this_thread::sleep_for(interval);
        return true;
    };
}

}  // namespace changebank::daemon
