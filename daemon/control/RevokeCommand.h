#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl revoke user|session|application ID`: asks a running daemon to refuse the tokens of a user,
/// of a user in an application (--application), of a session or of an application that were issued up to now.
/// Returns the exit status, see ControlCommand.h: 69 also if the revocation could not be kept, 78 if
/// revocation is off.
int runRevokeCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
