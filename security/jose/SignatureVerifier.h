#pragma once

#include <string_view>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// Verifies signatures of one algorithm with one public key. Keeps an initialised digest context and copies
/// it for each verification, which is much cheaper than building one. Immutable; verify() may be called from
/// any number of threads.
class SignatureVerifier {
public:
    /// The key must belong to the algorithm's family; its reference count is increased. Throws
    /// Poco::RuntimeException if OpenSSL cannot prepare the verification.
    SignatureVerifier(Algorithm algorithm, EVP_PKEY& key);

    Algorithm algorithm() const noexcept { return _algorithm; }

    /// True if the signature is valid for the signing input. ECDSA signatures must have the form of RFC 7518
    /// section 3.4 (r and s, each as long as the curve), not DER. Leaves OpenSSL's error queue empty.
    bool verify(std::string_view signingInput, std::string_view signature) const;

private:
    Algorithm _algorithm;
    EvpDigestContext _prepared;
    std::size_t _signatureSize;
};

}  // namespace changebank::security
