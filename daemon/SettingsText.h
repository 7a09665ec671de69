#pragma once

#include <string>

#include "daemon/SettingsReader.h"

namespace changebank::daemon {

/// The properties file as shipped: every setting commented out, with its default, kind, range and meaning.
std::string exampleSettings();

/// The settings in effect as a properties file, each with the place it comes from. Values of `logging.*` keys
/// that look like a secret are masked; no other setting holds one.
std::string effectiveSettings(const SettingsReading& reading);

}  // namespace changebank::daemon
