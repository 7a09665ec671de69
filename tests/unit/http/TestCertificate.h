#pragma once

#include <Poco/TemporaryFile.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

namespace changebank::http::test {

/// A fresh self-signed certificate for localhost with its key, as PEM files that go away with the object.
class TestCertificate {
public:
    explicit TestCertificate(const std::string& name = "localhost", const char* passphrase = nullptr) {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
        X509_set_version(certificate.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_NAME* subject = X509_get_subject_name(certificate.get());
        std::basic_string<unsigned char> text(name.begin(), name.end());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text.c_str(), -1, -1, 0);
        X509_set_issuer_name(certificate.get(), subject);
        X509_sign(certificate.get(), key.get(), EVP_sha256());

        const std::unique_ptr<FILE, decltype(&std::fclose)> keyFile(std::fopen(keyPath().c_str(), "w"),
                                                                    &std::fclose);
        PEM_write_PrivateKey(keyFile.get(), key.get(), passphrase == nullptr ? nullptr : EVP_aes_128_cbc(),
                             nullptr, 0, nullptr, const_cast<char*>(passphrase));
        const std::unique_ptr<FILE, decltype(&std::fclose)> file(std::fopen(path().c_str(), "w"),
                                                                 &std::fclose);
        PEM_write_X509(file.get(), certificate.get());
    }

    std::string path() const { return _certificate.path(); }
    std::string keyPath() const { return _key.path(); }

private:
    Poco::TemporaryFile _certificate;
    Poco::TemporaryFile _key;
};

}  // namespace changebank::http::test
