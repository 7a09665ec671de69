#include "changebank/base/system/Signature.h"

#include <stdexcept>

namespace changebank {

namespace {

std::string withoutDer(std::string_view der, int length) {
    const auto* at = asBytes(der);
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::string bytes(2 * static_cast<std::size_t>(length), '\0');
    auto* out = reinterpret_cast<unsigned char*>(bytes.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, length) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + length, length) < 0) {
        throw std::runtime_error("OpenSSL made an invalid signature");
    }
    return bytes;
}

}  // namespace

std::string sign(EVP_PKEY& key, const EVP_MD* digest, std::string_view text) {
    const EvpDigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    const bool ready = context && EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, &key) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &size, asBytes(text), text.size()) == 1;
    std::string signature(size, '\0');
    if (!ready || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                                 asBytes(text), text.size()) != 1) {
        throw std::runtime_error("OpenSSL could not sign");
    }
    signature.resize(size);
    constexpr int bitsPerByte = 8;
    const int length = (EVP_PKEY_get_bits(&key) + bitsPerByte - 1) / bitsPerByte;
    return EVP_PKEY_is_a(&key, "EC") == 1 ? withoutDer(signature, length) : signature;
}

}  // namespace changebank
