#pragma once

#include <chrono>
#include <string>
#include <variant>

#include "changebank/base/http/HttpClient.h"

namespace changebank::daemon {

/// The parameters of a login.
struct LoginRequest {
    /// FusionAuth's base address, such as https://login.example.com.
    std::string address;
    std::string apiKey;
    std::string loginId;
    std::string password;
    std::string applicationId;
};

struct LoginFault {
    enum class Kind : unsigned char {
        refused,      ///< FusionAuth denies the login.
        unreachable,  ///< No response.
        unsafe,       ///< The password would be sent in the clear.
    };
    Kind kind;
    std::string why;
};

/// Logs in (POST /api/login) and returns the access token, or why that failed. Plain http is allowed only to
/// this machine.
std::variant<std::string, LoginFault> logIn(const LoginRequest& request, const HttpClient::Options& options,
                                            std::chrono::seconds timeout);

}  // namespace changebank::daemon
