#include "changebank/kickstart/keys/SigningKey.h"

#include <Poco/Crypto/ECKey.h>
#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Crypto/RSAKey.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <array>
#include <optional>
#include <stdexcept>

#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/JwsSigning.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "changebank/security/jose/Pem.h"
#include "changebank/security/jose/PublicJwk.h"

namespace changebank::kickstart {

namespace {

using MemoryBio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;

constexpr std::size_t hmacKidLength = 9;
constexpr int bitsPerByte = 8;

/// The bytes of a raw key: the private key of an Ed25519 pair, or an HMAC key.
std::string rawBytes(const EVP_PKEY* key, int (*get)(const EVP_PKEY*, unsigned char*, std::size_t*)) {
    std::size_t length = 0;
    if (get(key, nullptr, &length) != 1) throw std::runtime_error("OpenSSL could not export a key");
    std::string bytes(length, '\0');
    if (get(key, reinterpret_cast<unsigned char*>(bytes.data()), &length) != 1) {
        throw std::runtime_error("OpenSSL could not export a key");
    }
    return bytes;
}

/// What the thumbprint of a pair covers; empty for an HMAC key.
std::string thumbprintInputOf(KeyAlgorithm algorithm, const EVP_PKEY* pair) {
    if (isSymmetric(algorithm)) return {};
    const auto jwk = Json::parse(security::publicJwk(*pair));
    auto input = jwk ? security::thumbprintInput(*jwk) : std::nullopt;
    if (!input) throw std::runtime_error("OpenSSL could not export a public key");
    return *input;
}

/// The thumbprint of a public key (RFC 7638) in the form of FusionAuth's `kid`: with SHA-1, in base64url.
std::string jwkThumbprint(const std::string& input) {
    std::string digest(SHA_DIGEST_LENGTH, '\0');
    SHA1(asBytes(input), input.size(), reinterpret_cast<unsigned char*>(digest.data()));
    return encodeBase64Url(digest);
}

std::string newHmacKid() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string kid;
    for (const char byte : randomBytes(hmacKidLength)) {
        kid += digits[static_cast<unsigned char>(byte) % digits.size()];
    }
    return kid;
}

EvpKey generateKey(KeyAlgorithm algorithm, int bits) {
    const auto type = keyTypeOf(algorithm);
    if (type == "RSA") {
        return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits)));
    }
    if (type == "OKP") return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return EvpKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", std::string(traitsOf(algorithm).curve).c_str()));
}

/// Whether the pair fits the algorithm.
bool fits(KeyAlgorithm algorithm, const EVP_PKEY* pair) {
    const auto type = keyTypeOf(algorithm);
    if (type == "RSA") {
        return EVP_PKEY_is_a(pair, "RSA") == 1 && SigningKey::isRsaLength(EVP_PKEY_get_bits(pair));
    }
    if (type == "OKP") return EVP_PKEY_is_a(pair, "ED25519") == 1;
    const auto curve = traitsOf(algorithm).curve;
    const std::string_view expected = curve == "P-256"   ? "prime256v1"
                                      : curve == "P-384" ? "secp384r1"
                                                         : "secp521r1";
    std::array<char, 64> name{};
    return EVP_PKEY_is_a(pair, "EC") == 1 &&
           EVP_PKEY_get_group_name(pair, name.data(), name.size(), nullptr) == 1 && name.data() == expected;
}

}  // namespace

std::shared_ptr<const SigningKey> SigningKey::generate(KeyAlgorithm algorithm, int bits) {
    if (isSymmetric(algorithm)) {
        return ofSecret(algorithm,
                        randomBytes(static_cast<std::size_t>(EVP_MD_get_size(traitsOf(algorithm).digest()))));
    }
    auto pair = generateKey(algorithm, bits);
    if (!pair) throw std::runtime_error("OpenSSL could not generate a key");
    return std::shared_ptr<const SigningKey>(new SigningKey(algorithm, std::move(pair)));
}

std::shared_ptr<const SigningKey> SigningKey::ofSecret(KeyAlgorithm algorithm, std::string_view secret,
                                                       std::string kid) {
    EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, nullptr, asBytes(secret), secret.size()));
    if (!key) throw std::runtime_error("OpenSSL rejected an HMAC key");
    return std::shared_ptr<const SigningKey>(
        new SigningKey(algorithm, std::move(key), kid.empty() ? newHmacKid() : std::move(kid)));
}

std::shared_ptr<const SigningKey> SigningKey::ofPem(KeyAlgorithm algorithm, std::string_view pem) {
    auto pair = security::privateKeyIn(pem);
    if (!pair || !fits(algorithm, pair.get())) return nullptr;
    return std::shared_ptr<const SigningKey>(new SigningKey(algorithm, std::move(pair)));
}

SigningKey::SigningKey(KeyAlgorithm algorithm, EvpKey key, std::string kid)
    : _algorithm(algorithm),
      _key(std::move(key)),
      _thumbprintInput(thumbprintInputOf(algorithm, _key.get())),
      _kid(kid.empty() ? jwkThumbprint(_thumbprintInput) : std::move(kid)) {}

int SigningKey::bits() const {
    const auto type = keyTypeOf(_algorithm);
    if (type == "RSA" || type == "EC") return EVP_PKEY_get_bits(_key.get());
    return static_cast<int>(rawBytes(_key.get(), EVP_PKEY_get_raw_private_key).size()) * bitsPerByte;
}

Poco::JSON::Object SigningKey::publicJwk() const {
    auto members = jsonObject({{"kty", std::string(keyTypeOf(_algorithm))},
                               {"use", "sig"},
                               {"alg", std::string(nameOf(_algorithm))},
                               {"kid", _kid}});
    const auto made = Json::parse(_thumbprintInput).value();
    for (const auto& [name, value] : *made.object()) {
        if (name != "kty") members.set(name, *value.string());
    }
    return members;
}

std::string SigningKey::publicPem() const {
    const MemoryBio memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_PUBKEY(memory.get(), _key.get()) != 1) {
        throw std::runtime_error("OpenSSL could not write a public key");
    }
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string SigningKey::sign(const Poco::JSON::Object& claims) const {
    Poco::JWT::Token token;
    token.header() = jsonObject({{"alg", std::string(nameOf(_algorithm))}, {"typ", "JWT"}, {"kid", _kid}});
    // POCO 1.11 throws when it assigns an ordered object that it has not moved.
    token.payload() = Poco::JSON::Object(claims);
    // Poco::JWT pads the numbers of every ECDSA signature to the length of P-256, and has no Ed25519.
    if (_algorithm == KeyAlgorithm::es384 || _algorithm == KeyAlgorithm::es512 ||
        _algorithm == KeyAlgorithm::ed25519) {
        return security::signJws(*_key, traitsOf(_algorithm).digest(), textOf(token.header()),
                                 textOf(token.payload()));
    }
    Poco::JWT::Signer signer;
    const auto type = keyTypeOf(_algorithm);
    if (type == "HMAC") {
        signer.setHMACKey(rawBytes(_key.get(), EVP_PKEY_get_raw_private_key));
    } else if (type == "RSA") {
        signer.setRSAKey(new Poco::Crypto::RSAKey(Poco::Crypto::EVPPKey(_key.get())));
    } else {
        signer.setECKey(new Poco::Crypto::ECKey(Poco::Crypto::EVPPKey(_key.get())));
    }
    return signer.sign(token, std::string(nameOf(_algorithm)));
}

}  // namespace changebank::kickstart
