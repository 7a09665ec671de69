#include "changebank/security/jose/JwsSigning.h"

#include "changebank/base/system/Signature.h"
#include "changebank/base/text/Base64Url.h"

namespace changebank::security {

std::string signJws(EVP_PKEY& key, const EVP_MD* digest, std::string_view header, std::string_view payload) {
    auto token = encodeBase64Url(header) + "." + encodeBase64Url(payload);
    const auto signature = sign(key, digest, token);
    return token += "." + encodeBase64Url(signature);
}

}  // namespace changebank::security
