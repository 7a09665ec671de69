#include "kickstart/ApiKey.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "security/OpenSsl.h"

namespace changebank::kickstart {

namespace {

std::string digestOf(std::string_view key) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(security::octets(key), key.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

}  // namespace

ApiKey::ApiKey(std::string_view key) : _digest(digestOf(key)) {}

bool ApiKey::matches(std::string_view key) const {
    return CRYPTO_memcmp(digestOf(key).data(), _digest.data(), _digest.size()) == 0;
}

}  // namespace changebank::kickstart
