#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changebank/base/text/JsonText.h"
#include "changebank/kickstart/values/Errors.h"

namespace changebank::kickstart {

/// The response of an API. `body` is empty for a response without one, such as FusionAuth's 401 and 404.
struct ApiResponse {
    int status = 200;
    std::optional<Poco::JSON::Object> body;
    /// Values of the header Set-Cookie.
    std::vector<std::string> cookies;
    /// For 405: the methods that the path supports, for the header Allow.
    std::string allow;
    /// The errors of the body, in one line of text.
    std::string reason;

    static ApiResponse ok(Poco::JSON::Object body) { return {200, std::move(body), {}, {}, {}}; }
    static ApiResponse empty(int status) { return {status, std::nullopt, {}, {}, {}}; }
    static ApiResponse badRequest(const Errors& errors) {
        return {400, errors.toJson(), {}, {}, errors.toText()};
    }
};

}  // namespace changebank::kickstart
