#include "security/Challenge.h"

namespace changebank::security {

std::string challengeFor(const Refusal& refusal) {
    if (isOurFault(refusal.cause) || refusal.cause == Cause::crossSiteRequest) return {};
    std::string challenge = "Bearer realm=\"";
    challenge += challengeRealm;
    challenge += '"';
    if (const auto error = traitsOf(refusal.cause).challengeError; !error.empty()) {
        challenge += ", error=\"";
        challenge += error;
        challenge += '"';
    }
    return challenge;
}

}  // namespace changebank::security
