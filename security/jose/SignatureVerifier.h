#pragma once

#include <string_view>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/security/jose/Algorithm.h"

namespace changebank::security {

/// Verifies signatures of one algorithm with one public key. The key and an initialised digest context are
/// kept, and the context is copied for each use, which costs a fraction of building it. Immutable once made;
/// verify() may be called from any number of threads.
class SignatureVerifier {
public:
    /// The key must be of the algorithm's family. Throws Poco::RuntimeException if OpenSSL cannot prepare the
    /// verification. Shares the ownership of the key.
    SignatureVerifier(Algorithm algorithm, EVP_PKEY& key);

    Algorithm algorithm() const noexcept { return _algorithm; }

    /// True if the signature fits the signing input. ECDSA signatures are in the form of RFC 7518 section 3.4
    /// (r and s of the curve's length, one after the other), never DER. Leaves OpenSSL's error queue empty.
    bool verify(std::string_view signingInput, std::string_view signature) const;

private:
    Algorithm _algorithm;
    EvpDigestContext _prepared;
    std::size_t _signatureSize;
};

}  // namespace changebank::security
