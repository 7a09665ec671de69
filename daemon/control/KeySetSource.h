#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::daemon {

/// A key set as a tool reads it once: the keys, or the cause for which every token is refused.
using ReadKeySet = std::variant<std::shared_ptr<const security::JwkSet>, security::Refusal>;

/// Why no key set could be read at all, as one line for the user, and how the tool ends.
struct KeySetFault {
    std::string why;
    ExitStatus status;
};

/// Reads a key set from a file or, where the text begins with http:// or https://, from an address, within
/// the time given and with the certificate authorities of `caFile` (empty: the machine's). JSON that is no
/// key set is not a fault but a cause to refuse; a text that is no JSON is one.
std::variant<ReadKeySet, KeySetFault> readKeySet(const std::string& fileOrAddress, const std::string& caFile,
                                                 std::chrono::milliseconds timeout);

}  // namespace changebank::daemon
