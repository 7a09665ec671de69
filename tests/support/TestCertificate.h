#pragma once

#include <string>

#include "tests/support/TemporaryFolder.h"

namespace changebank::tests {

/// A fresh self-signed certificate with its key, as PEM files that go away with the object.
class TestCertificate {
public:
    /// `alternativeNames` as OpenSSL writes them (RFC 5280 section 4.2.1.6), such as
    /// "DNS:localhost,IP:127.0.0.1". The key's file is encrypted where there is a passphrase.
    explicit TestCertificate(const std::string& alternativeNames = "DNS:localhost,IP:127.0.0.1",
                             const std::string& passphrase = {});

    std::string certificateFile() const { return _folder.file("certificate.pem"); }
    std::string keyFile() const { return _folder.file("key.pem"); }

private:
    TemporaryFolder _folder;
};

}  // namespace changebank::tests
