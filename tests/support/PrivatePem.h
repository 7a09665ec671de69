#pragma once

#include <openssl/pem.h>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::tests {

/// A private key as PEM, "BEGIN PRIVATE KEY", or encrypted with a passphrase.
inline std::string privatePemOf(const EVP_PKEY& key, const std::string& passphrase = {}) {
    const std::unique_ptr<BIO, OpenSslDeleter<BIO_free>> memory(BIO_new(BIO_s_mem()));
    const auto* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
    BOOST_REQUIRE(PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, cipher, passphrase.data(),
                                                static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

/// The private key of a new pair as PEM. `type` and `arguments` are those of OpenSSL's EVP_PKEY_Q_keygen().
template <typename... Arguments>
std::string newPrivatePem(const char* type, Arguments... arguments) {
    return privatePemOf(*EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, type, arguments...)));
}

}  // namespace changebank::tests
