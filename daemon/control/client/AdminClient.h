#pragma once

#include <string>
#include <variant>

namespace changebank::daemon {

/// A running daemon's response on its admin socket.
struct AdminResponse {
    int status = 0;
    std::string body;
};

/// Why a request got no response, as one line for the user.
struct AdminFault {
    enum class Kind : unsigned char {
        notRunning,  ///< Nothing listens.
        forbidden,   ///< This user lacks permission.
        failed,      ///< No valid response.
    };
    Kind kind;
    std::string why;
};

/// Sends one request to the daemon that listens on a Unix socket; waits as long as a reload may take.
std::variant<AdminResponse, AdminFault> askDaemon(const std::string& socketPath, const std::string& method,
                                                  const std::string& target, const std::string& body = {});

}  // namespace changebank::daemon
