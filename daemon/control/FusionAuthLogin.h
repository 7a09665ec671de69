#pragma once

#include <chrono>
#include <string>
#include <variant>

namespace changebank::daemon {

/// What a login needs to say.
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
        refused,      ///< FusionAuth says no.
        unreachable,  ///< There is no answer.
        unsafe,       ///< The password would travel in the clear.
    };
    Kind kind;
    std::string why;
};

/// Logs in (POST /api/login) and returns the access token, or why there is none. Plain http goes to this
/// machine alone. `caFile`: certificate authorities to trust instead of the machine's; may be empty.
std::variant<std::string, LoginFault> logIn(const LoginRequest& request, const std::string& caFile,
                                            std::chrono::seconds timeout);

}  // namespace changebank::daemon
