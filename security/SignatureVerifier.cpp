#include "security/SignatureVerifier.h"

#include <Poco/Exception.h>
#include <openssl/rsa.h>

#include <string>

namespace changebank::security {

namespace {

bool isElliptic(KeyFamily family) {
    return family == KeyFamily::p256 || family == KeyFamily::p384 || family == KeyFamily::p521;
}

/// How long a signature must be, in octets (RFC 8017 section 8.2.2, RFC 7518 section 3.4, RFC 8032
/// section 5.1.6).
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

/// The DER form of an ECDSA signature, which OpenSSL wants; empty if it cannot be made.
std::string derOf(std::string_view signature) {
    const auto half = static_cast<int>(signature.size() / 2);
    BigNumber r(BN_bin2bn(octets(signature), half, nullptr));
    BigNumber s(BN_bin2bn(octets(signature) + half, half, nullptr));
    EcdsaSignature parsed(ECDSA_SIG_new());
    if (!r || !s || !parsed || ECDSA_SIG_set0(parsed.get(), r.get(), s.get()) != 1) return {};
    // set0 took both numbers over.
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    const int size = i2d_ECDSA_SIG(parsed.get(), nullptr);
    if (size <= 0) return {};
    std::string der(static_cast<std::size_t>(size), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_ECDSA_SIG(parsed.get(), &out);
    return der;
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
    // Each copy serves once, so OpenSSL need not make another of it to finish on.
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
           EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(signingInput),
                            signingInput.size()) == 1;
}

}  // namespace changebank::security
