#include "tests/support/TestKey.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "changebank/base/text/Base64Url.h"

namespace changebank::tests {

using namespace security;

namespace {

void require(bool success, const char* what) {
    if (!success) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

const char* groupOf(KeyFamily family) {
    if (family == KeyFamily::p256) return "P-256";
    return family == KeyFamily::p384 ? "P-384" : "P-521";
}

std::size_t coordinateSizeOf(KeyFamily family) {
    if (family == KeyFamily::p256) return 32;
    return family == KeyFamily::p384 ? 48 : 66;
}

std::string numberParameter(EVP_PKEY& key, const char* name, std::size_t size = 0) {
    BIGNUM* raw = nullptr;
    require(EVP_PKEY_get_bn_param(&key, name, &raw) == 1, name);
    const BigNumber number(raw);
    const auto octetCount = size > 0 ? size : static_cast<std::size_t>(BN_num_bytes(number.get()));
    std::string text(octetCount, '\0');
    require(BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(text.data()),
                         static_cast<int>(octetCount)) > 0,
            "BN_bn2binpad");
    return encodeBase64Url(text);
}

using Memory = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;

std::string textIn(BIO& memory) {
    std::array<char, 4096> text{};
    const int size = BIO_read(&memory, text.data(), static_cast<int>(text.size()));
    return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string sideBySide(const std::string& der, std::size_t size) {
    const auto* in = asBytes(der);
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
    require(signature != nullptr, "d2i_ECDSA_SIG");
    std::string text(2 * size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(text.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, static_cast<int>(size));
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + size, static_cast<int>(size));
    return text;
}

}  // namespace

TestKey TestKey::generate(KeyFamily family, unsigned bits) {
    EVP_PKEY* key = nullptr;
    switch (family) {
        case KeyFamily::rsa:
            key = EVP_RSA_gen(bits);
            break;
        case KeyFamily::ed25519:
            key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
            break;
        default:
            key = EVP_EC_gen(groupOf(family));
    }
    require(key != nullptr, "key generation");
    return TestKey(family, std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

TestKey TestKey::generateRsa(unsigned long exponent) {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    const BigNumber e(BN_new());
    EVP_PKEY* key = nullptr;
    require(BN_set_word(e.get(), exponent) == 1 && EVP_PKEY_keygen_init(context.get()) == 1 &&
                EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), e.get()) == 1 &&
                EVP_PKEY_keygen(context.get(), &key) == 1,
            "key generation");
    return TestKey(KeyFamily::rsa, std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free));
}

const TestKey& TestKey::shared(KeyFamily family) {
    static std::map<KeyFamily, TestKey> keys;
    const auto found = keys.find(family);
    return found != keys.end() ? found->second : keys.emplace(family, generate(family)).first->second;
}

std::string TestKey::jwk(std::string_view extra) const {
    std::string text = "{" + std::string(extra) + (extra.empty() ? "" : ",");
    if (_family == KeyFamily::rsa) {
        return text + "\"kty\":\"RSA\",\"n\":\"" + numberParameter(*_key, OSSL_PKEY_PARAM_RSA_N) +
               "\",\"e\":\"" + numberParameter(*_key, OSSL_PKEY_PARAM_RSA_E) + "\"}";
    }
    if (_family == KeyFamily::ed25519) {
        std::string octetsOfKey(32, '\0');
        std::size_t size = octetsOfKey.size();
        require(EVP_PKEY_get_raw_public_key(_key.get(), reinterpret_cast<unsigned char*>(octetsOfKey.data()),
                                            &size) == 1,
                "EVP_PKEY_get_raw_public_key");
        return text + "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + encodeBase64Url(octetsOfKey) + "\"}";
    }
    const auto size = coordinateSizeOf(_family);
    return text + "\"kty\":\"EC\",\"crv\":\"" + groupOf(_family) + "\",\"x\":\"" +
           numberParameter(*_key, OSSL_PKEY_PARAM_EC_PUB_X, size) + "\",\"y\":\"" +
           numberParameter(*_key, OSSL_PKEY_PARAM_EC_PUB_Y, size) + "\"}";
}

std::string TestKey::publicPem() const {
    const Memory memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PUBKEY(memory.get(), _key.get()) == 1, "PEM_write_bio_PUBKEY");
    return textIn(*memory);
}

std::string TestKey::privatePem() const {
    const Memory memory(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PrivateKey(memory.get(), _key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "PEM_write_bio_PrivateKey");
    return textIn(*memory);
}

TestKey TestKey::fromPrivatePem(KeyFamily family, std::string_view pem) {
    const Memory memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr),
                                  EVP_PKEY_free);
    require(key != nullptr, "PEM_read_bio_PrivateKey");
    return TestKey(family, std::move(key));
}

std::string TestKey::publicDer() const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(_key.get(), &der);
    require(size > 0, "i2d_PUBKEY");
    std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

std::string TestKey::sign(Algorithm algorithm, std::string_view signingInput) const {
    const auto& traits = traitsOf(algorithm);
    require(traits.family == _family, "algorithm of another family");
    const EvpDigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* keyContext = nullptr;
    require(EVP_DigestSignInit_ex(context.get(), &keyContext, traits.digest, nullptr, nullptr, _key.get(),
                                  nullptr) == 1,
            "EVP_DigestSignInit_ex");
    if (traits.probabilistic) {
        require(EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING) == 1, "padding");
        require(EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST) == 1, "salt length");
    }
    std::size_t size = 0;
    require(EVP_DigestSign(context.get(), nullptr, &size, asBytes(signingInput), signingInput.size()) == 1,
            "size");
    std::string signature(size, '\0');
    require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                           asBytes(signingInput), signingInput.size()) == 1,
            "EVP_DigestSign");
    signature.resize(size);
    const bool isEcdsa = _family != KeyFamily::rsa && _family != KeyFamily::ed25519;
    return isEcdsa ? sideBySide(signature, coordinateSizeOf(_family)) : signature;
}

std::string TestKey::token(Algorithm algorithm, std::string_view header, std::string_view payload) const {
    const auto signingInput = encodeBase64Url(header) + "." + encodeBase64Url(payload);
    return signingInput + "." + encodeBase64Url(sign(algorithm, signingInput));
}

std::string TestKey::privateOperation(std::string_view message) const {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, _key.get(), nullptr));
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(_key.get())), '\0');
    std::size_t size = out.size();
    require(EVP_PKEY_sign_init(context.get()) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
                EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                              asBytes(message), message.size()) == 1,
            "the private key's operation");
    return out;
}

std::string TestKey::publicOperation(std::string_view signature) const {
    const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, _key.get(), nullptr));
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(_key.get())), '\0');
    std::size_t size = out.size();
    require(EVP_PKEY_encrypt_init(context.get()) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
                EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                                 asBytes(signature), signature.size()) == 1,
            "the public key's operation");
    return out;
}

std::string keySetOf(const std::vector<std::string>& jwks) {
    std::string text = "{\"keys\":[";
    for (const auto& jwk : jwks) {
        if (text.back() != '[') text += ',';
        text += jwk;
    }
    return text + "]}";
}

std::string sha256(std::string_view text) {
    std::string digest(32, '\0');
    require(EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                       EVP_sha256(), nullptr) == 1,
            "EVP_Digest");
    return digest;
}

std::string hmacSha256(std::string_view key, std::string_view text) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), asBytes(text), text.size(), digest.data(),
         &size);
    return std::string(digest.begin(), digest.end());
}

}  // namespace changebank::tests
