#pragma once

#include <openssl/x509.h>

#include <memory>
#include <string>

#include "changebank/base/system/OpenSsl.h"

namespace changebank {

/// The certificate authorities that clients trust. The system's are more than a hundred and take some
/// milliseconds to read, so clients share them. Immutable, usable from any thread.
class CertificateAuthorities {
public:
    using Ptr = std::shared_ptr<const CertificateAuthorities>;

    /// Reads a PEM file; empty: the system's authorities. Throws Poco::Exception if that fails.
    explicit CertificateAuthorities(const std::string& file = {});

    /// For SSL_CTX_set1_cert_store(), which counts its references. Valid as long as this object.
    X509_STORE& store() const noexcept { return *_store; }

private:
    std::unique_ptr<X509_STORE, OpenSslDeleter<X509_STORE_free>> _store;
};

}  // namespace changebank
