#include "kickstart/PasswordHash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <stdexcept>

#include "kickstart/RandomOctets.h"
#include "security/Base64Url.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t saltLength = 16;
constexpr std::size_t digestLength = 32;
constexpr std::string_view scheme = "pbkdf2-sha512";
constexpr char separator = '$';

/// The text up to the next separator, which is taken out of it together with that.
std::string_view takePart(std::string_view& text) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

}  // namespace

PasswordHash PasswordHash::of(std::string_view password, int iterations) {
    const auto salt = randomOctets(saltLength);
    return {salt, iterations, digest(password, salt, iterations)};
}

PasswordHash PasswordHash::ofNothing(int iterations) {
    return {randomOctets(saltLength), iterations, randomOctets(digestLength)};
}

std::optional<PasswordHash> PasswordHash::parse(std::string_view text) {
    const auto name = takePart(text);
    const auto count = takePart(text);
    auto salt = security::decodeBase64Url(takePart(text));
    auto derived = security::decodeBase64Url(text);
    int iterations = 0;
    const auto result = std::from_chars(count.data(), count.data() + count.size(), iterations);
    const bool isCount =
        result.ec == std::errc{} && result.ptr == count.data() + count.size() && iterations > 0;
    if (name != scheme || !isCount || !salt || !derived || derived->size() != digestLength) {
        return std::nullopt;
    }
    return PasswordHash(*salt, iterations, *derived);
}

std::string PasswordHash::toText() const {
    return std::string(scheme) + separator + std::to_string(_iterations) + separator +
           security::encodeBase64Url(_salt) + separator + security::encodeBase64Url(_digest);
}

bool PasswordHash::matches(std::string_view password) const {
    return CRYPTO_memcmp(digest(password, _salt, _iterations).data(), _digest.data(), digestLength) == 0;
}

std::string PasswordHash::digest(std::string_view password, std::string_view salt, int iterations) {
    std::string derived(digestLength, '\0');
    if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), security::octets(salt),
                          static_cast<int>(salt.size()), iterations, EVP_sha512(),
                          static_cast<int>(digestLength),
                          reinterpret_cast<unsigned char*>(derived.data())) != 1) {
        throw std::runtime_error("OpenSSL could not hash a password");
    }
    return derived;
}

}  // namespace changebank::kickstart
