#include "kickstart/oauth/WebAnswer.h"

#include <algorithm>
#include <stdexcept>

namespace changebank::kickstart {

WebAnswer WebAnswer::empty(int status) {
    return {status, {}, {}};
}

WebAnswer WebAnswer::json(int status, const security::Json& body) {
    return {status, {{"Content-Type", "application/json;charset=UTF-8"}}, body.toText()};
}

WebAnswer WebAnswer::refusal(int status, const OAuthError& error) {
    return json(status, error.toJson());
}

WebAnswer WebAnswer::redirect(const std::string& url) {
    const bool isPrintable =
        std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!isPrintable) throw std::invalid_argument("a redirect goes to a URL with characters that no URL has");
    return {302, {{"Location", url}}, {}};
}

std::string WebAnswer::header(const std::string& name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    return found == headers.end() ? std::string() : found->second;
}

}  // namespace changebank::kickstart
