#pragma once

#include <string>
#include <string_view>

namespace changebank::kickstart {

/// Proof Key for Code Exchange (RFC 7636) with the method S256. The method `plain`, which shows the verifier
/// to whoever sees the challenge, is not offered, as FusionAuth does not offer it.
struct ProofKey {
    /// Whether a text may be a challenge: 43 characters of base64url.
    static bool isChallenge(std::string_view text);

    /// The challenge to a verifier (section 4.2).
    static std::string challengeOf(std::string_view verifier);

    /// Whether the challenge is that of the verifier; takes the same time for every verifier of the same
    /// length. A text that is not a verifier (section 4.1: 43 to 128 unreserved characters) never fits.
    static bool fits(std::string_view verifier, std::string_view challenge);
};

}  // namespace changebank::kickstart
