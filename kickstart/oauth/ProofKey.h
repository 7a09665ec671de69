#pragma once

#include <string>
#include <string_view>

namespace changebank::kickstart {

/// Proof Key for Code Exchange (RFC 7636) with the method S256. The method `plain`, whose challenge is the
/// verifier, is not supported, as in FusionAuth.
struct ProofKey {
    /// Whether a text may be a challenge: 43 characters of base64url.
    static bool isChallenge(std::string_view text);

    /// The challenge to a verifier (section 4.2).
    static std::string challengeOf(std::string_view verifier);

    /// Whether the challenge belongs to the verifier, compared in constant time. False if the text is not a
    /// verifier (section 4.1: 43 to 128 unreserved characters).
    static bool fits(std::string_view verifier, std::string_view challenge);
};

}  // namespace changebank::kickstart
