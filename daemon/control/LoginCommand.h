#pragma once

#include <string>
#include <vector>

namespace changebank::daemon {

/// `changebankctl login USER`: logs in with FusionAuth (POST /api/login) and prints the access token. The
/// password comes from a prompt without echo, from the environment variable CHANGEBANKCTL_PASSWORD or, if
/// standard input is not a terminal, from its first line; the API key from CHANGEBANKCTL_API_KEY or a file.
/// Neither is an argument, which every user of the machine could read. With --dpop, the token is bound to a
/// key and prints with a proof; see logInBound(), which wants the client secret in place of the API key.
/// Returns 0, 1 if FusionAuth denies the login, 64 on a usage error, 69 if FusionAuth is unreachable.
int runLoginCommand(const std::vector<std::string>& arguments);

}  // namespace changebank::daemon
