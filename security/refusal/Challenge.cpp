#include "changebank/security/refusal/Challenge.h"

#include <Poco/Exception.h>

#include <algorithm>

namespace changebank::security {

namespace {

bool isQuotable(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

std::string parameter(std::string_view name, std::string_view value) {
    return ", " + std::string(name) + "=\"" + std::string(value) + '"';
}

/// A parameter that is a list separated by spaces; empty for an empty list.
std::string listParameter(std::string_view name, const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) {
        if (!isScopeToken(value))
            throw Poco::InvalidArgumentException("cannot stand in the list " + std::string(name), value);
        list += (list.empty() ? "" : " ") + value;
    }
    return list.empty() ? std::string() : parameter(name, list);
}

std::string ageParameter(std::optional<std::chrono::seconds> maxAge) {
    if (!maxAge) return {};
    if (*maxAge <= std::chrono::seconds::zero())
        throw Poco::InvalidArgumentException("the maximum age of an authentication is not above zero");
    return parameter("max_age", std::to_string(maxAge->count()));
}

bool hasChallenge(Cause cause) {
    const auto& traits = traitsOf(cause);
    return traits.status == 401 || !traits.challengeError.empty();
}

bool wantsScope(Cause cause) {
    return traitsOf(cause).status == 401 || traitsOf(cause).challengeError == "insufficient_scope";
}

}  // namespace

bool isRealm(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), isQuotable);
}

bool isScopeToken(std::string_view text) noexcept {
    return !text.empty() && isRealm(text) && text.find(' ') == std::string_view::npos;
}

Challenge::Challenge(const Parts& parts)
    : _scope(listParameter("scope", parts.scopes)),
      _authentication(ageParameter(parts.maxAge) + listParameter("acr_values", parts.authenticationClasses)) {
    if (!isRealm(parts.realm)) throw Poco::InvalidArgumentException("invalid realm", parts.realm);
    const auto realm = "realm=\"" + parts.realm + '"';
    if (!parts.isDpopRequired) _bearer = "Bearer " + realm;
    if (!parts.dpopAlgorithms.empty()) _dpop = "DPoP " + realm + listParameter("algs", parts.dpopAlgorithms);
    if (_bearer.empty() && _dpop.empty()) throw Poco::InvalidArgumentException("no authentication scheme");
    if (parts.resourceMetadata.empty()) return;
    if (!isScopeToken(parts.resourceMetadata))
        throw Poco::InvalidArgumentException("not the URL of metadata", parts.resourceMetadata);
    _resourceMetadata = parameter("resource_metadata", parts.resourceMetadata);
}

std::string Challenge::valueFor(Cause cause, AuthenticationScheme used) const {
    if (!hasChallenge(cause)) return {};
    auto parameters = wantsScope(cause) ? _scope : std::string();
    if (cause == Cause::insufficientAuthentication) parameters += _authentication;
    parameters += _resourceMetadata;

    const auto error = traitsOf(cause).challengeError;
    const auto valueOf = [&](const std::string& scheme, bool isUsed) {
        return scheme + (isUsed && !error.empty() ? parameter("error", error) : "") + parameters;
    };
    const bool isUnclear = cause == Cause::repeatedAuthorization;
    const bool isDpop = used == AuthenticationScheme::dpop;
    if (_dpop.empty()) return valueOf(_bearer, true);
    if (_bearer.empty()) return valueOf(_dpop, true);
    return valueOf(_bearer, !isDpop || isUnclear) + ", " + valueOf(_dpop, isDpop || isUnclear);
}

}  // namespace changebank::security
