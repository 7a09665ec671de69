#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace changebank::tests {

/// An encoded message of RSASSA-PKCS1-v1_5 (RFC 8017 section 9.2) before the private key's operation, and
/// what is special about it.
struct EncodedMessage {
    std::string name;
    std::string octets;
};

/// The right encoded message for SHA-256, of `size` octets.
std::string pkcs1Encoded(std::string_view digest, std::size_t size);

/// Encoded messages that are almost right: the digest of the message is in each where it is not said that it
/// is not, and a verifier that reads them instead of comparing them with the right one may take one for good
/// (CVE-2006-4339 and its many descendants). None equals the right one; all are below any modulus of `size`
/// octets.
std::vector<EncodedMessage> pkcs1Forgeries(std::string_view digest, std::size_t size);

/// The signatures that need no private key where the public exponent is 3: the cube root of an encoded
/// message whose tail is left open, for several places of what fills it.
std::vector<EncodedMessage> cubeRootForgeries(std::string_view digest, std::size_t size);

}  // namespace changebank::tests
