#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// What is answered over HTTP.
struct WebResponse {
    int status = 200;
    /// In their order; Set-Cookie may be there more than once.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};

    static WebResponse json(int status, const Json& body);
    static WebResponse error(int status, const OAuthError& error);
    /// 302 to the URL. Throws std::invalid_argument if that has a blank or a control character, or anything
    /// else but ASCII.
    static WebResponse redirect(const std::string& url);

    void add(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }

    /// Sets a cookie (RFC 6265 section 4.1) for every path and port of the host; with SameSite=Lax, so that
    /// no other site's form or script can send it, and Secure wherever the request came by https. The value
    /// is nothing but cookie-bytes. Without `maxAge` the cookie goes with the browser's session; zero
    /// removes it. `isHttpOnly`: whether scripts may not read it.
    void setCookie(const WebRequest& request, const std::string& name, const std::string& value,
                   std::optional<std::chrono::seconds> maxAge = std::nullopt, bool isHttpOnly = true);

    /// The value of a header, compared exactly; empty where there is none.
    std::string header(const std::string& name) const;
};

}  // namespace changebank::kickstart
