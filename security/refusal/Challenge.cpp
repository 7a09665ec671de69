#include "changebank/security/refusal/Challenge.h"

#include <algorithm>

namespace changebank::security {

bool isRealm(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

std::string challengeFor(const Refusal& refusal, std::string_view realm) {
    if (isOurFault(refusal.cause) || refusal.cause == Cause::crossSiteRequest) return {};
    std::string challenge = "Bearer realm=\"";
    challenge += realm;
    challenge += '"';
    if (const auto error = traitsOf(refusal.cause).challengeError; !error.empty()) {
        challenge += ", error=\"";
        challenge += error;
        challenge += '"';
    }
    return challenge;
}

}  // namespace changebank::security
