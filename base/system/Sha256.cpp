#include "changebank/base/system/Sha256.h"

#include <openssl/sha.h>

#include "changebank/base/system/OpenSsl.h"

namespace changebank {

std::string sha256(std::string_view text) {
    std::string digest(SHA256_DIGEST_LENGTH, '\0');
    SHA256(asBytes(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return digest;
}

}  // namespace changebank
