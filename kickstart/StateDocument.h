#pragma once

#include <string>

#include "kickstart/Directory.h"
#include "kickstart/Errors.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// The whole state as a JSON document, for the state file. It holds private keys and the secrets of clients.
security::Json writeState(const DirectoryState& state);

/// The state that such a document says. What is wrong is noted in the errors under its place
/// ("users[2].email"); then, and only then, the result is std::nullopt.
std::optional<DirectoryState> readState(const security::Json& document, Errors& errors);

}  // namespace changebank::kickstart
