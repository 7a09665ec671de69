#pragma once

#include <optional>
#include <string>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/control/client/AdminClient.h"

/// What changebankctl makes of the daemon's responses.
namespace changebank::daemon {

/// The body of a response; std::nullopt if it is not JSON.
std::optional<Json> jsonOf(const AdminResponse& response);

/// The error message in a response.
std::string errorIn(const AdminResponse& response);

/// Prints a fault on standard error and returns the exit status.
int reportFault(const AdminFault& fault);

/// The body of the response to a GET; a response that is an error is a fault.
std::variant<std::string, AdminFault> bodyOf(const std::string& socketPath, const std::string& target);

/// The same as JSON.
std::variant<Json, AdminFault> documentOf(const std::string& socketPath, const std::string& target);

}  // namespace changebank::daemon
