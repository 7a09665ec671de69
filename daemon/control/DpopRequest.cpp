#include "changebank/daemon/control/DpopRequest.h"

#include <Poco/Ascii.h>

#include <algorithm>
#include <string_view>

#include "changebank/base/text/ForeignText.h"
#include "changebank/security/dpop/TargetUri.h"
#include "changebank/security/refusal/Challenge.h"

namespace changebank::daemon {

namespace {

bool isMethod(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return Poco::Ascii::isAlpha(c) || c == '-'; });
}

}  // namespace

std::variant<DpopRequest, UsageFault> DpopRequest::of(const CommandLine& line, const std::string& urlOption) {
    const auto method = line.has("method") ? line.value("method") : "GET";
    if (!isMethod(method)) return UsageFault{"--method: " + inQuotes(method) + " is not a method"};
    if (!line.has(urlOption)) return UsageFault{"expected --" + urlOption + " with the request's URL"};
    auto uri = security::targetUri(line.value(urlOption));
    if (!uri)
        return UsageFault{"--" + urlOption + ": " + inQuotes(line.value(urlOption)) +
                          " is not an http or https URL"};
    const auto nonce = line.value("nonce");
    // RFC 9449 section 8.1: the characters of a scope.
    if (line.has("nonce") && !security::isScopeToken(nonce))
        return UsageFault{"--nonce: " + inQuotes(nonce) + " is not the value of a DPoP-Nonce"};
    return DpopRequest{method, std::move(*uri), nonce};
}

std::string DpopRequest::headerFields(const DpopKey& key, const std::string& token, std::int64_t now) const {
    return "Authorization: DPoP " + token + "\nDPoP: " + key.prove(method, uri, token, now, nonce) + "\n";
}

bool DpopRequest::isToken(const std::string& text) {
    constexpr std::string_view others = "-._~+/=";
    return !text.empty() && std::all_of(text.begin(), text.end(), [others](char c) {
        return Poco::Ascii::isAlphaNumeric(c) || others.find(c) != std::string_view::npos;
    });
}

}  // namespace changebank::daemon
