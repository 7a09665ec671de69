#include "kickstart/JwkThumbprint.h"

#include <openssl/sha.h>

#include "security/Base64Url.h"
#include "security/OpenSsl.h"

namespace changebank::kickstart {

std::string jwkThumbprint(const security::Json::Object& members) {
    const std::string text = security::Json(members).toText();
    std::string digest(SHA_DIGEST_LENGTH, '\0');
    SHA1(security::octets(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return security::encodeBase64Url(digest);
}

}  // namespace changebank::kickstart
