#include "changebank/daemon/control/live/StatusWatch.h"

#include <iostream>
#include <optional>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/control/client/AdminAnswer.h"
#include "changebank/daemon/control/client/Repetition.h"
#include "changebank/daemon/control/client/StatusFormatter.h"
#include "changebank/daemon/control/live/Screen.h"

namespace changebank::daemon {

int watchStatus(const std::string& socketPath, bool asJson, bool onScreen,
                const std::function<bool()>& wait) {
    const bool isDrawn = onScreen && !asJson;
    bool isFirst = true;
    bool isAbsent = false;
    const auto round = [&]() -> std::optional<AdminFault> {
        auto asked = documentOf(socketPath, "/status");
        if (auto* fault = std::get_if<AdminFault>(&asked)) return std::move(*fault);
        const auto& status = std::get<Json>(asked);
        if (asJson) {
            std::cout << status.toText() << '\n';
        } else if (isDrawn) {
            std::cout << drawn(formatStatus(status), screenSize());
        } else {
            std::cout << (isFirst ? "" : "\n") << formatStatus(status);
        }
        isFirst = isAbsent = false;
        return std::nullopt;
    };
    const auto failed = [&](const AdminFault& fault) {
        if (isDrawn) {
            std::cout << drawn("changebankctl: " + oneLine(fault.why) + "\ntrying again\n", screenSize());
        } else if (!std::exchange(isAbsent, true)) {
            reportFault(fault);
        }
    };
    return Repetition{.round = round, .failed = failed, .wait = wait}.run();
}

}  // namespace changebank::daemon
