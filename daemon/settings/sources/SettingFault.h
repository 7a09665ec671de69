#pragma once

#include <string>

namespace changebank::daemon {

/// A fault in the settings: place, key and reason. Each is one printable line.
struct SettingFault {
    /// `FILE:LINE`, `FILE`, `environment:NAME`, `--define` or `defaults`.
    std::string place;
    /// Empty if the fault does not concern one key.
    std::string key;
    std::string why;

    /// `PLACE: KEY: WHY`
    std::string toText() const { return place + ": " + (key.empty() ? "" : key + ": ") + why; }
};

}  // namespace changebank::daemon
