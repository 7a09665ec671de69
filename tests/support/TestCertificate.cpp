#include "tests/support/TestCertificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace changebank::tests {

namespace {

template <typename T, typename Free>
std::unique_ptr<T, Free> owned(T* object, Free free) {
    if (!object) throw std::runtime_error("no test certificate");
    return {object, free};
}

std::shared_ptr<EVP_PKEY> freshKey(unsigned rsaBits) {
    return owned(rsaBits == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(rsaBits), &EVP_PKEY_free);
}

}  // namespace

TestCertificate::TestCertificate(const Recipe& recipe) {
    const auto key = recipe.key ? recipe.key : freshKey(recipe.rsaBits);
    const auto certificate = owned(X509_new(), &X509_free);
    constexpr long anHour = 3600;
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -anHour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), static_cast<long>(recipe.validFor.count()));
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const unsigned char name[] = "ChangeBank test";
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    const auto names =
        owned(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, recipe.alternativeNames.c_str()),
              &X509_EXTENSION_free);
    X509_add_ext(certificate.get(), names.get(), -1);
    const int type = EVP_PKEY_get_base_id(key.get());
    const bool hashesItself = type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448;
    X509_sign(certificate.get(), key.get(), hashesItself ? nullptr : EVP_sha256());

    const auto keyOut = owned(std::fopen(keyFile().c_str(), "w"), &std::fclose);
    const std::basic_string<unsigned char> secret(recipe.passphrase.begin(), recipe.passphrase.end());
    PEM_write_PrivateKey(keyOut.get(), key.get(), secret.empty() ? nullptr : EVP_aes_128_cbc(), secret.data(),
                         static_cast<int>(secret.size()), nullptr, nullptr);
    const auto certificateOut = owned(std::fopen(certificateFile().c_str(), "w"), &std::fclose);
    PEM_write_X509(certificateOut.get(), certificate.get());
}

}  // namespace changebank::tests
