#include "kickstart/PasswordHash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>

#include "kickstart/RandomOctets.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t saltLength = 16;
constexpr std::size_t digestLength = 32;

}  // namespace

PasswordHash PasswordHash::of(std::string_view password, int iterations) {
    PasswordHash hash(randomOctets(saltLength), iterations);
    hash._digest = hash.digestOf(password);
    return hash;
}

bool PasswordHash::matches(std::string_view password) const {
    return CRYPTO_memcmp(digestOf(password).data(), _digest.data(), digestLength) == 0;
}

std::string PasswordHash::digestOf(std::string_view password) const {
    std::string digest(digestLength, '\0');
    if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), security::octets(_salt),
                          static_cast<int>(_salt.size()), _iterations, EVP_sha256(),
                          static_cast<int>(digestLength),
                          reinterpret_cast<unsigned char*>(digest.data())) != 1) {
        throw std::runtime_error("OpenSSL could not hash a password");
    }
    return digest;
}

}  // namespace changebank::kickstart
