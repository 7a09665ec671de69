#pragma once

#include <string>

namespace changebank::daemon {

/// Something wrong with the settings: where, which key, and why. Every part is one printable line.
struct SettingFault {
    /// `FILE:LINE`, `FILE`, `environment:NAME`, `--define` or `defaults`.
    std::string place;
    /// Empty where the fault is not about one key.
    std::string key;
    std::string why;

    /// `PLACE: KEY: WHY`
    std::string toText() const { return place + ": " + (key.empty() ? "" : key + ": ") + why; }
};

}  // namespace changebank::daemon
