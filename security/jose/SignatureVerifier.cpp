#include "changebank/security/jose/SignatureVerifier.h"

#include <Poco/Exception.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <string>

namespace changebank::security {

namespace {

bool isElliptic(KeyFamily family) {
    return family == KeyFamily::p256 || family == KeyFamily::p384 || family == KeyFamily::p521;
}

/// The length of a signature in bytes (RFC 8017 section 8.2.2, RFC 7518 section 3.4, RFC 8032 section 5.1.6).
std::size_t signatureSizeOf(KeyFamily family, const EVP_PKEY& key) {
    switch (family) {
        case KeyFamily::rsa:
            return static_cast<std::size_t>((EVP_PKEY_get_bits(&key) + 7) / 8);
        case KeyFamily::p256:
            return 64;
        case KeyFamily::p384:
            return 96;
        case KeyFamily::p521:
            return 132;
        case KeyFamily::ed25519:
            return 64;
    }
    return 0;
}

/// Appends a number as a DER INTEGER (ITU-T X.690 section 8.3): without leading zeros, except one that keeps
/// it from being negative.
void appendInteger(std::string& der, std::string_view number) {
    number.remove_prefix(std::min(number.find_first_not_of('\0'), number.size() - 1));
    const bool looksNegative = static_cast<unsigned char>(number.front()) > 0x7F;
    der += '\x02';
    der += static_cast<char>(number.size() + (looksNegative ? 1 : 0));
    if (looksNegative) der += '\0';
    der += number;
}

/// The DER form of an ECDSA signature of at most 132 bytes, as OpenSSL expects it (RFC 3279 section 2.2.3).
std::string derOf(std::string_view signature) {
    const auto half = signature.size() / 2;
    std::string numbers;
    appendInteger(numbers, signature.substr(0, half));
    appendInteger(numbers, signature.substr(half));
    std::string der = "\x30";
    if (numbers.size() > 0x7F) der += '\x81';
    der += static_cast<char>(numbers.size());
    return der + numbers;
}

}  // namespace

SignatureVerifier::SignatureVerifier(Algorithm algorithm, EVP_PKEY& key)
    : _algorithm(algorithm),
      _prepared(EVP_MD_CTX_new()),
      _signatureSize(signatureSizeOf(traitsOf(algorithm).family, key)) {
    const ErrorQueueCleaner cleaner;
    const auto& traits = traitsOf(algorithm);
    EVP_PKEY_CTX* keyContext = nullptr;
    bool prepared = _prepared && EVP_DigestVerifyInit_ex(_prepared.get(), &keyContext, traits.digest, nullptr,
                                                         nullptr, &key, nullptr) == 1;
    if (prepared && traits.probabilistic) {
        prepared = EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1 &&
                   EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    if (!prepared) {
        throw Poco::RuntimeException("OpenSSL cannot verify with this key: " + std::string(traits.name));
    }
    // Each copy is used once, so OpenSSL need not copy it again to finalise it.
    EVP_MD_CTX_set_flags(_prepared.get(), EVP_MD_CTX_FLAG_FINALISE);
}

bool SignatureVerifier::verify(std::string_view signingInput, std::string_view signature) const {
    if (signature.size() != _signatureSize) return false;
    const ErrorQueueCleaner cleaner;
    std::string der;
    if (isElliptic(traitsOf(_algorithm).family)) {
        der = derOf(signature);
        signature = der;
    }
    const EvpDigestContext context(EVP_MD_CTX_new());
    return context && EVP_MD_CTX_copy_ex(context.get(), _prepared.get()) == 1 &&
           EVP_DigestVerify(context.get(), asBytes(signature), signature.size(), asBytes(signingInput),
                            signingInput.size()) == 1;
}

}  // namespace changebank::security
