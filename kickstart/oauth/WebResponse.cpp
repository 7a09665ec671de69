#include "changebank/kickstart/oauth/WebResponse.h"

#include <algorithm>
#include <stdexcept>

#include "changebank/kickstart/values/Errors.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

WebResponse WebResponse::json(int status, const Poco::JSON::Object& body) {
    return {status, {{"Content-Type", "application/json;charset=UTF-8"}}, textOf(body)};
}

WebResponse WebResponse::error(int status, const OAuthError& error) {
    return json(status, jsonObject({{"error", error.error},
                                    {"error_description", error.description},
                                    {"error_reason", error.reason}}));
}

WebResponse WebResponse::notOffered(int status, const std::string& what) {
    auto response = error(status, {"not_offered", "not_offered", notOfferedText(what)});
    response.remark = notOfferedText(what);
    return response;
}

WebResponse WebResponse::redirect(const std::string& url) {
    const bool isPrintable =
        std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!isPrintable) throw std::invalid_argument("the URL of a redirect has an invalid character");
    return {302, {{"Location", url}}};
}

// Poco::Net::HTTPCookie either writes Expires by the system's clock or quotes the value.
void WebResponse::setCookie(const WebRequest& request, const std::string& name, const std::string& value,
                            std::optional<std::chrono::seconds> maxAge, bool isHttpOnly) {
    std::string text = name + '=' + value + "; Path=/";
    if (maxAge) text += "; Max-Age=" + std::to_string(maxAge->count());
    if (request.baseUrl.starts_with("https:")) text += "; Secure";
    if (isHttpOnly) text += "; HttpOnly";
    add("Set-Cookie", text + "; SameSite=Lax");
}

std::string WebResponse::header(const std::string& name) const {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&](const auto& header) { return header.first == name; });
    return found == headers.end() ? std::string() : found->second;
}

}  // namespace changebank::kickstart
