#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kickstart/oauth/OAuthError.h"
#include "security/Json.h"

namespace changebank::kickstart {

/// What an OAuth endpoint or the hosted backend answers.
struct WebAnswer {
    int status = 200;
    /// In their order; Set-Cookie may be there more than once.
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    static WebAnswer empty(int status);
    static WebAnswer json(int status, const security::Json& body);
    static WebAnswer refusal(int status, const OAuthError& error);
    /// 302 to the URL. Throws std::invalid_argument if that has a blank or a control character, or anything
    /// else but ASCII.
    static WebAnswer redirect(const std::string& url);

    void add(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }

    /// The value of a header, compared exactly; empty where there is none.
    std::string header(const std::string& name) const;
};

}  // namespace changebank::kickstart
