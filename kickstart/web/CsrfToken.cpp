#include "changebank/kickstart/web/CsrfToken.h"

#include <openssl/hmac.h>

#include "changebank/base/text/Base64Url.h"

namespace changebank::kickstart {

std::string CsrfToken::of(std::string_view cookie) const {
    std::string code(SHA256_DIGEST_LENGTH, '\0');
    HMAC(EVP_sha256(), _key.data(), static_cast<int>(_key.size()), asBytes(cookie), cookie.size(),
         reinterpret_cast<unsigned char*>(code.data()), nullptr);
    return encodeBase64Url(code);
}

}  // namespace changebank::kickstart
