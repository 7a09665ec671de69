#pragma once

#include <Poco/Net/ServerSocket.h>
#include <fcntl.h>

#include <string>
#include <vector>

#include "tests/integration/DaemonProcess.h"

namespace changebank::tests {

/// changebankd on a socket that systemd would pass to it, by the name of its unit.
inline Process withPassedSocket(const Poco::Net::ServerSocket& socket,
                                const std::vector<std::string>& arguments) {
    // A descriptor above those that the shell uses, which exec keeps.
    const int descriptor = ::fcntl(socket.impl()->sockfd(), F_DUPFD, 9);
    std::vector<std::string> command{"-c",
                                     "d=$1; shift; eval \"exec 3<&$d\"; LISTEN_PID=$$ LISTEN_FDS=1 "
                                     "LISTEN_FDNAMES=changebank.socket exec \"$@\"",
                                     "sh", std::to_string(descriptor), changebankd};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return Process("/bin/bash", command);
}

}  // namespace changebank::tests
