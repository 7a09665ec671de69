#include "changebank/daemon/admin/DecisionRequest.h"

#include <algorithm>
#include <cstddef>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/handlers/decision/MethodToken.h"

namespace changebank::daemon {

using handlers::TriedRequest;

namespace {

/// The listener limits the body; this is more than it takes.
constexpr JsonLimits requestLimits{std::size_t{64} * 1024 * 1024, 2, 16};

/// The text of that name, nullptr for another name.
std::string* textNamed(TriedRequest& request, const std::string& name) {
    if (name == "method") return &request.method;
    if (name == "target") return &request.target;
    if (name == "host") return &request.host;
    return name == "token" ? &request.token : nullptr;
}

/// Whether or not a char has a sign.
bool isVisible(char c) {
    return c > ' ' && c < '\x7F';
}

std::variant<TriedRequest, BadValue> checked(TriedRequest request, std::size_t maxTargetLength) {
    if (!handlers::isMethodToken(request.method))
        return BadValue{"the method must be one in upper case, such as GET, not " + inQuotes(request.method)};
    if (!request.target.starts_with('/'))
        return BadValue{"the path must begin with a slash, unlike " + inQuotes(request.target)};
    if (request.target.size() > maxTargetLength)
        return BadValue{"the path has " + std::to_string(request.target.size()) +
                        " bytes, more than the listener takes, which is server.maxHeaderBytes, " +
                        std::to_string(maxTargetLength)};
    if (request.host.empty()) return BadValue{"the host is empty"};
    for (const auto* text : {&request.target, &request.host, &request.token}) {
        if (!std::all_of(text->begin(), text->end(), isVisible))
            return BadValue{"path, host and token are ASCII without blanks"};
    }
    return request;
}

}  // namespace

std::variant<TriedRequest, BadValue> decisionRequestOf(std::string_view body, std::size_t maxTargetLength) {
    const auto json = Json::parse(body, requestLimits);
    if (!json || json->object() == nullptr) return BadValue{"the body is not a JSON object"};
    TriedRequest request{.method = {}, .target = {}, .host = "localhost"};
    for (const auto& [name, value] : *json->object()) {
        auto* text = textNamed(request, name);
        if (text == nullptr) return BadValue{"unknown member " + inQuotes(name)};
        if (value.string() == nullptr) return BadValue{inQuotes(name) + " is not a text"};
        *text = *value.string();
    }
    return checked(std::move(request), maxTargetLength);
}

}  // namespace changebank::daemon
