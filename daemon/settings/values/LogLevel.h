#pragma once

#include <Poco/Message.h>

#include <array>
#include <optional>
#include <string_view>

namespace changebank::daemon {

/// The names of Poco::Message::Priority, which counts from 1 in this order.
inline constexpr std::array<std::string_view, 8> logLevelNames{"fatal",  "critical",    "error", "warning",
                                                               "notice", "information", "debug", "trace"};

constexpr std::string_view nameOf(Poco::Message::Priority level) {
    return logLevelNames.at(static_cast<std::size_t>(level - Poco::Message::PRIO_FATAL));
}

/// The level of that exact name, if there is one.
constexpr std::optional<Poco::Message::Priority> logLevelNamed(std::string_view name) {
    for (std::size_t i = 0; i < logLevelNames.size(); ++i) {
        if (logLevelNames[i] == name)
            return static_cast<Poco::Message::Priority>(Poco::Message::PRIO_FATAL + static_cast<int>(i));
    }
    return std::nullopt;
}

}  // namespace changebank::daemon
