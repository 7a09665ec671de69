#include "changebank/kickstart/oauth/ProofKey.h"

#include <Poco/Ascii.h>

#include <algorithm>

#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/values/Digest.h"

namespace changebank::kickstart {

bool ProofKey::isChallenge(std::string_view text) {
    const auto digest = decodeBase64Url(text);
    return digest && digest->size() == SHA256_DIGEST_LENGTH;
}

std::string ProofKey::challengeOf(std::string_view verifier) {
    return encodeBase64Url(sha256(verifier));
}

bool ProofKey::fits(std::string_view verifier, std::string_view challenge) {
    const bool isVerifier =
        verifier.size() >= 43 && verifier.size() <= 128 &&
        std::all_of(verifier.begin(), verifier.end(), [](char c) {
            return Poco::Ascii::isAlphaNumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
        });
    return isVerifier && areEqualSecrets(challengeOf(verifier), challenge);
}

}  // namespace changebank::kickstart
