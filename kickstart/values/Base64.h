#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::kickstart {

/// Base64 with padding (RFC 4648 section 4), in one line.
inline std::string encodeBase64(std::string_view bytes) {
    // OpenSSL appends a zero byte.
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets(bytes),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace changebank::kickstart
