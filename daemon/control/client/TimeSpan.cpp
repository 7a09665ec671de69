#include "changebank/daemon/control/client/TimeSpan.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace changebank::daemon {

std::string spanOf(double seconds) {
    struct Unit {
        long long seconds;
        const char* name;
    };
    constexpr std::array<Unit, 4> units{{{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
    auto left = std::llround(std::abs(seconds));
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (left < units[i].seconds && i + 1 < units.size()) continue;
        std::string text = std::to_string(left / units[i].seconds) + " " + units[i].name;
        left %= units[i].seconds;
        if (i + 1 < units.size() && left >= units[i + 1].seconds) {
            text += " " + std::to_string(left / units[i + 1].seconds) + " " + units[i + 1].name;
        }
        return text;
    }
    return "0 s";
}

}  // namespace changebank::daemon
