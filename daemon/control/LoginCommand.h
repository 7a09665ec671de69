#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl login USER`: logs in with FusionAuth (POST /api/login) and prints the access token. The
/// password comes from a prompt that does not show it, from the environment variable CHANGEBANKCTL_PASSWORD
/// or, where standard input is no terminal, from its first line; the API key from CHANGEBANKCTL_API_KEY or a
/// file. Neither is ever an argument, which every user of the machine could read. Returns 0, 1 if FusionAuth
/// refuses, 64 on wrong usage, 69 if it cannot be reached.
int runLoginCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
