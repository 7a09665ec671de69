#pragma once

#include <memory>
#include <string>
#include <variant>

#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/Settings.h"
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

/// Reads an issuer's key set as the settings say; its `jwks.uri` may also be a file's path. JSON that is not
/// a key set is a cause to deny tokens; text that is not JSON is a fault.
std::variant<ReadKeySet, KeySetFault> readKeySet(const Settings::Issuer& issuer);

}  // namespace changebank::daemon
