#include "kickstart/oauth/ProofKey.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "kickstart/RandomOctets.h"
#include "security/Base64Url.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t leastVerifier = 43;
constexpr std::size_t longestVerifier = 128;

bool isUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool isVerifier(std::string_view text) {
    return text.size() >= leastVerifier && text.size() <= longestVerifier &&
           std::all_of(text.begin(), text.end(), isUnreserved);
}

}  // namespace

std::optional<ProofKey> ProofKey::parse(std::string_view challenge) {
    const auto digest = security::decodeBase64Url(challenge);
    if (!digest || digest->size() != SHA256_DIGEST_LENGTH) return std::nullopt;
    return ProofKey(std::string(challenge));
}

ProofKey ProofKey::of(std::string_view verifier) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(security::octets(verifier), verifier.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return ProofKey(security::encodeBase64Url(digest));
}

std::string ProofKey::newVerifier() {
    return security::encodeBase64Url(randomOctets(32));
}

bool ProofKey::matches(std::string_view verifier) const {
    return isVerifier(verifier) &&
           CRYPTO_memcmp(of(verifier)._challenge.data(), _challenge.data(), _challenge.size()) == 0;
}

}  // namespace changebank::kickstart
