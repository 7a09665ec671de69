#pragma once

#include <Poco/Dynamic/Var.h>

#include <string>
#include <string_view>

namespace changebank::daemon {

/// A text as a member of a report: null if it is empty.
inline Poco::Dynamic::Var textOrNull(std::string_view text) {
    return text.empty() ? Poco::Dynamic::Var() : Poco::Dynamic::Var(std::string(text));
}

}  // namespace changebank::daemon
