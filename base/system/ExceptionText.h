#pragma once

#include <Poco/Exception.h>

#include <exception>
#include <string>

namespace changebank {

/// What an exception says; POCO's also say of what kind they are.
inline std::string exceptionText(const std::exception& error) {
    const auto* poco = dynamic_cast<const Poco::Exception*>(&error);
    return poco != nullptr ? poco->displayText() : std::string(error.what());
}

}  // namespace changebank
