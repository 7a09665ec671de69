#pragma once

#include <string>

#include "changebank/daemon/logging/LogOutput.h"

/// The log of this process: one output shared by all threads, which a reload replaces as a whole.
namespace changebank::daemon {

/// The current output; before the first useLogOutput() one that discards everything.
LogOutput::Ptr logOutput();

/// Sends all later messages there. Waits until those to another destination are written, at most for
/// LineQueue::defaultPatience.
void useLogOutput(const LogOutput::Ptr& output);

/// Whether a message of that priority would be logged, to avoid building its text in vain.
bool isLogged(Poco::Message::Priority priority) noexcept;

/// Logs a message of the daemon as one line, without waiting for the reader of the log. Callers must quote
/// external text (quoteJson()), so that readers can tell it apart.
void log(Poco::Message::Priority priority, const std::string& text) noexcept;

}  // namespace changebank::daemon
