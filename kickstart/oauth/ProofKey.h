#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace changebank::kickstart {

/// A code challenge of Proof Key for Code Exchange (RFC 7636) with the method S256. The method `plain`, which
/// shows the verifier to whoever sees the challenge, is not offered, as FusionAuth does not offer it.
class ProofKey {
public:
    /// Takes the parameter code_challenge; std::nullopt if it is not what S256 makes: 43 characters of
    /// base64url.
    static std::optional<ProofKey> parse(std::string_view challenge);

    /// The challenge to a verifier (RFC 7636 section 4.2).
    static ProofKey of(std::string_view verifier);

    /// A new verifier of 43 characters, from 32 random octets (RFC 7636 section 4.1).
    static std::string newVerifier();

    /// Whether the challenge is that of the verifier; takes the same time for every verifier of the same
    /// length. A text that is no verifier (43 to 128 unreserved characters) never is.
    bool matches(std::string_view verifier) const;

    const std::string& challenge() const noexcept { return _challenge; }

private:
    explicit ProofKey(std::string challenge) : _challenge(std::move(challenge)) {}

    std::string _challenge;
};

}  // namespace changebank::kickstart
