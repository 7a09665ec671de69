#pragma once

#include <Poco/Logger.h>
#include <Poco/Util/AbstractConfiguration.h>

#include <optional>
#include <string>

#include "daemon/Settings.h"

namespace changebank::daemon {

/// What POCO's logging subsystem is to be given: one line a message on standard error, in UTC, unless the
/// section `logging.*` says otherwise.
Poco::Util::AbstractConfiguration::Ptr loggingConfiguration(const Settings& settings);

/// Tries out that configuration on this process's loggers, and opens the files that they write to. Returns
/// why it is no good, if so.
std::optional<std::string> faultOfLogging(const Settings& settings);

/// The daemon's own logger.
Poco::Logger& daemonLogger();

/// Logs a message of the daemon. Where it cannot be written (a full disk), the message is lost and nothing
/// else. Text that comes from outside must be escaped by the caller.
void log(Poco::Message::Priority priority, const std::string& text) noexcept;

/// The same for a message that says more than its text; see JsonLineFormatter.
void log(const Poco::Message& message) noexcept;

/// Has every log file of the running configuration opened anew, for a program that moves them away. Returns
/// why one cannot be opened, if so.
std::optional<std::string> reopenLogFiles(const Settings& settings);

}  // namespace changebank::daemon
