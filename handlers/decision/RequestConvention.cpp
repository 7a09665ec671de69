#include "changebank/handlers/decision/RequestConvention.h"

#include <optional>
#include <string_view>
#include <utility>

#include "changebank/base/text/CaseInsensitive.h"
#include "changebank/handlers/decision/DeceptiveFields.h"
#include "changebank/handlers/decision/MethodToken.h"
#include "changebank/handlers/routing/RequestTarget.h"
#include "changebank/security/guard/Origin.h"
#include "changebank/security/guard/UniqueField.h"

namespace changebank::handlers {

using security::Cause;
using security::Refusal;

namespace {

Refusal invalid(std::string_view part) {
    return Refusal{Cause::forwardedRequestInvalid, std::string(part)};
}

/// The value of a field that is there exactly once, also counting other spellings of its name; nullptr
/// otherwise.
const std::string* onlyField(const Poco::Net::MessageHeader& header, std::string_view name) {
    const std::string* found = nullptr;
    for (const auto& [fieldName, value] : header) {
        if (!isSpeltLike(fieldName, name)) continue;
        if (found != nullptr || !isSameIgnoringCase(fieldName, name)) return nullptr;
        found = &value;
    }
    return found;
}

std::variant<ReceivedRequest, Refusal> readForwarded(const Poco::Net::HTTPServerRequest& request) {
    const auto* method = onlyField(request, forwardedMethodField);
    if (method == nullptr || !isMethodToken(*method)) return invalid(forwardedMethodField);
    const auto* host = onlyField(request, forwardedHostField);
    if (host == nullptr || !security::isAuthority(*host)) return invalid(forwardedHostField);
    const auto* target = onlyField(request, forwardedUriField);
    if (target == nullptr || target->empty()) return invalid(forwardedUriField);
    return ReceivedRequest{*method, *target, *host};
}

std::variant<ReceivedRequest, Refusal> readOriginal(const Poco::Net::HTTPServerRequest& request) {
    if (!isMethodToken(request.getMethod())) return invalid("the method");
    auto host = security::uniqueField(request, "Host");
    if (!host || !security::isAuthority(*host)) return invalid("Host");
    const auto& target = request.getURI();
    if (!target.starts_with(decisionPath)) return invalid("the target");
    return ReceivedRequest{request.getMethod(), target.substr(decisionPath.size()), std::move(*host)};
}

}  // namespace

bool isDecisionPath(RequestConvention convention, std::string_view path) noexcept {
    return convention == RequestConvention::original ? path.starts_with(decisionPath) : path == decisionPath;
}

std::variant<ReceivedRequest, Refusal> readRequest(RequestConvention convention,
                                                   const Poco::Net::HTTPServerRequest& request) {
    return convention == RequestConvention::original ? readOriginal(request) : readForwarded(request);
}

}  // namespace changebank::handlers
