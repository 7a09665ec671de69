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
    hash._digest = digest(password, hash._salt, iterations);
    return hash;
}

bool PasswordHash::matches(std::string_view password) const {
    return CRYPTO_memcmp(digest(password, _salt, _iterations).data(), _digest.data(), digestLength) == 0;
}

std::string PasswordHash::digest(std::string_view password, std::string_view salt, int iterations) {
    std::string derived(digestLength, '\0');
    if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), security::octets(salt),
                          static_cast<int>(salt.size()), iterations, EVP_sha256(),
                          static_cast<int>(digestLength),
                          reinterpret_cast<unsigned char*>(derived.data())) != 1) {
        throw std::runtime_error("OpenSSL could not hash a password");
    }
    return derived;
}

}  // namespace changebank::kickstart
