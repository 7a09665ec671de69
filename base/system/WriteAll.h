#pragma once

#include <unistd.h>

#include <string_view>

#include "changebank/base/system/Uninterrupted.h"

namespace changebank {

/// Writes the whole text to a descriptor that blocks, in as many pieces as it takes. Returns false if that
/// failed, with errno: a part may be written then.
inline bool writeAll(int descriptor, std::string_view text) noexcept {
    while (!text.empty()) {
        const auto written = uninterrupted([&] { return ::write(descriptor, text.data(), text.size()); });
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace changebank
