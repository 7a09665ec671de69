#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::daemon {

/// A key set read once by a tool: the keys, or the cause for which every token is denied.
using ReadKeySet = std::variant<std::shared_ptr<const security::JwkSet>, security::Refusal>;

/// Why no key set could be read, as one line for the user, and the exit status.
struct KeySetFault {
    std::string why;
    ExitStatus status;
};

/// Reads a key set from a file or, if the text begins with http:// or https://, from a URL, within the
/// timeout and with the certificate authorities of `caFile` (empty: the system's). JSON that is not a key set
/// is a cause to deny tokens; text that is not JSON is a fault.
std::variant<ReadKeySet, KeySetFault> readKeySet(const std::string& fileOrAddress, const std::string& caFile,
                                                 std::chrono::milliseconds timeout);

}  // namespace changebank::daemon
