#include "kickstart/oauth/CsrfToken.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "kickstart/RandomOctets.h"
#include "security/Base64Url.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

namespace {

constexpr std::size_t keyLength = 32;

}  // namespace

CsrfToken::CsrfToken() : _key(randomOctets(keyLength)) {}

std::string CsrfToken::newCookie() {
    return security::encodeBase64Url(randomOctets(keyLength));
}

bool CsrfToken::isCookie(std::string_view text) {
    const auto value = security::decodeBase64Url(text);
    return value && value->size() == keyLength;
}

std::string CsrfToken::of(std::string_view cookie) const {
    std::string code(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    HMAC(EVP_sha256(), _key.data(), static_cast<int>(_key.size()), security::octets(cookie), cookie.size(),
         reinterpret_cast<unsigned char*>(code.data()), &length);
    code.resize(length);
    return security::encodeBase64Url(code);
}

bool CsrfToken::matches(std::string_view cookie, std::string_view token) const {
    if (!isCookie(cookie)) return false;
    const auto expected = of(cookie);
    return token.size() == expected.size() &&
           CRYPTO_memcmp(token.data(), expected.data(), expected.size()) == 0;
}

}  // namespace changebank::kickstart
