#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/kickstart/values/Errors.h"

namespace changebank::kickstart {

/// An API's response. Without a body the response has none, as FusionAuth's own 401 and 404.
struct ApiResponse {
    int status = 200;
    std::optional<Json> body;
    /// Values of the header Set-Cookie.
    std::vector<std::string> cookies;
    /// For 405: the methods that the path has.
    std::string allow;
    /// For 400: what the body says, in one line for a person.
    std::string reason;

    static ApiResponse ok(Json body) { return {200, std::move(body), {}, {}, {}}; }
    static ApiResponse empty(int status) { return {status, std::nullopt, {}, {}, {}}; }
    static ApiResponse badRequest(const Errors& errors) {
        return {400, errors.toJson(), {}, {}, errors.toText()};
    }
};

}  // namespace changebank::kickstart
