#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/oauth/OAuthError.h"
#include "changebank/kickstart/web/WebRequest.h"

namespace changebank::kickstart {

/// An HTTP response.
struct WebResponse {
    int status = 200;
    /// In order; Set-Cookie may be repeated.
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    /// The reason for the log; may be empty.
    std::string remark{};

    static WebResponse json(int status, const Poco::JSON::Object& body);
    static WebResponse error(int status, const OAuthError& error);
    /// For a path or a method that FusionAuth may have and kickstartd has not.
    static WebResponse notOffered(int status, const std::string& what);
    /// 302 to the URL. Throws std::invalid_argument if the URL has a space, a control character or a byte
    /// outside ASCII.
    static WebResponse redirect(const std::string& url);

    void add(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }

    /// Sets a cookie (RFC 6265 section 4.1) for every path and port of the host; with SameSite=Lax, so that
    /// no other site's form or script can send it, and Secure if the request came by https. The value must
    /// consist of the characters that section 4.1.1 allows. Without `maxAge` it is a session cookie; zero
    /// removes it. `isHttpOnly`: hides it from scripts.
    void setCookie(const WebRequest& request, const std::string& name, const std::string& value,
                   std::optional<std::chrono::seconds> maxAge = std::nullopt, bool isHttpOnly = true);

    /// The value of a header, whose name is compared exactly; empty if absent.
    std::string header(const std::string& name) const;
};

}  // namespace changebank::kickstart
