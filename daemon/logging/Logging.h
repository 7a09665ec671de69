#pragma once

#include <string>

#include "changebank/daemon/logging/LogOutput.h"

/// The log of this process: one output that every thread writes to, exchanged as a whole by a reload.
namespace changebank::daemon {

/// The output in use; before the first useLogOutput() one that takes nothing.
LogOutput::Ptr logOutput();

/// Every message that comes after this goes there.
void useLogOutput(LogOutput::Ptr output);

/// Whether a message of that priority would be written, so that its text need not be made for nothing.
bool isLogged(Poco::Message::Priority priority) noexcept;

/// Logs a message of the daemon as one line. Where it cannot be written (a full disk), the message is lost
/// and nothing else. Text that comes from outside must be put in quotation marks by the caller (quoteJson()),
/// so that a reader can tell it apart.
void log(Poco::Message::Priority priority, const std::string& text) noexcept;

}  // namespace changebank::daemon
