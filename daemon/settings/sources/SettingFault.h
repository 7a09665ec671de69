#pragma once

#include <string>
#include <string_view>

namespace changebank::daemon {

/// A fault in the settings: place, key and reason. Each is one printable line.
struct SettingFault {
    /// The place of a value that no source sets.
    static constexpr std::string_view defaults = "defaults";

    /// `FILE:LINE`, `FILE`, `environment:NAME`, `--define` or `defaults`.
    std::string place;
    /// Empty if the fault does not concern one key.
    std::string key;
    std::string why;

    /// `PLACE: KEY: WHY`
    std::string toText() const { return place + ": " + (key.empty() ? "" : key + ": ") + why; }
};

}  // namespace changebank::daemon
