#include "changebank/base/system/Sha256.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <stdexcept>

namespace changebank {

namespace {

/// Looked up once, under OpenSSL's locks; SHA256() does it for each text. Never freed, since OpenSSL cleans
/// up before static objects are destroyed.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

}  // namespace

std::string sha256(std::string_view text) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                   algorithm(), nullptr) != 1)
        throw std::runtime_error("OpenSSL cannot compute a SHA-256 hash");
    return digest;
}

}  // namespace changebank
