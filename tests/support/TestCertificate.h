#pragma once

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>

#include "tests/support/TemporaryFolder.h"

namespace changebank::tests {

/// A fresh self-signed certificate with its key, as PEM files that go away with the object.
class TestCertificate {
public:
    static constexpr const char* localNames = "DNS:localhost,IP:127.0.0.1";

    struct Recipe {
        /// As OpenSSL writes them (RFC 5280 section 4.2.1.6).
        std::string alternativeNames = localNames;
        /// The key's file is encrypted if this is not empty.
        std::string passphrase{};
        /// From now on. It was valid for an hour before, so that a negative one has expired.
        std::chrono::seconds validFor = std::chrono::hours(1);
        /// The length of an RSA key; 0: the key is on the curve P-256.
        unsigned rsaBits = 0;
        /// Another key, instead of a fresh one.
        std::shared_ptr<EVP_PKEY> key{};
    };

    explicit TestCertificate(const Recipe& recipe);
    explicit TestCertificate(const std::string& alternativeNames = localNames,
                             const std::string& passphrase = {})
        : TestCertificate(Recipe{alternativeNames, passphrase}) {}

    std::string certificateFile() const { return _folder.file("certificate.pem"); }
    std::string keyFile() const { return _folder.file("key.pem"); }

private:
    TemporaryFolder _folder;
};

}  // namespace changebank::tests
