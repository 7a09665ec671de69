#pragma once

#include <string>
#include <variant>

namespace changebank::daemon {

/// What a running daemon answered on its admin socket.
struct AdminResponse {
    int status = 0;
    std::string body;
};

/// Why there is no answer, as one line for the user.
struct AdminFault {
    enum class Kind : unsigned char {
        notRunning,  ///< Nobody listens.
        forbidden,   ///< This user may not.
        failed,      ///< The daemon did not answer as it should.
    };
    Kind kind;
    std::string why;
};

/// Makes one request of the daemon that listens on a Unix socket, and waits as long as a reload may take.
std::variant<AdminResponse, AdminFault> askDaemon(const std::string& socketPath, const std::string& method,
                                                  const std::string& target, const std::string& body = {});

}  // namespace changebank::daemon
