#pragma once

#include <openssl/pem.h>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::tests {

/// The private key of a new pair as PEM, "BEGIN PRIVATE KEY". `type` and `arguments` are those of OpenSSL's
/// EVP_PKEY_Q_keygen().
template <typename... Arguments>
std::string newPrivatePem(const char* type, Arguments... arguments) {
    const EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, type, arguments...));
    const std::unique_ptr<BIO, OpenSslDeleter<BIO_free>> memory(BIO_new(BIO_s_mem()));
    BOOST_REQUIRE(
        PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace changebank::tests
