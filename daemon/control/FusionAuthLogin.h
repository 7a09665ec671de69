#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

#include "changebank/base/http/HttpClient.h"
#include "changebank/daemon/control/DpopKey.h"

namespace changebank::daemon {

/// The parameters of a login.
struct LoginRequest {
    /// FusionAuth's base address, such as https://login.example.com.
    std::string address;
    std::string apiKey;
    std::string loginId;
    std::string password;
    std::string applicationId;
    /// The application's client secret; empty for a public client.
    std::string clientSecret{};
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

/// Logs in for an access token that is bound to the key, which the Login API does not give: POST
/// /oauth2/token with the grant `password` (RFC 6749 section 4.3) and a DPoP proof (RFC 9449 section 5). The
/// API key is not used. `now` is in seconds since 1970.
std::variant<std::string, LoginFault> logInBound(const LoginRequest& request, const DpopKey& key,
                                                 std::int64_t now, const HttpClient::Options& options,
                                                 std::chrono::seconds timeout);

}  // namespace changebank::daemon
