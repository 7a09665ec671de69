#include "kickstart/SigningKey.h"

#include <Poco/Crypto/ECKey.h>
#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Crypto/RSAKey.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <algorithm>
#include <stdexcept>

#include "kickstart/JsonValues.h"
#include "kickstart/JwkThumbprint.h"
#include "security/Base64Url.h"

namespace changebank::kickstart {

namespace {

using security::Json;

constexpr int coordinateLength = 32;

bool isRsa(KeyAlgorithm algorithm) {
    return keyTypeOf(algorithm) == "RSA";
}

/// A parameter of the public key in base64url, filled up with zeros to a least length.
Json parameter(const EVP_PKEY* pair, const char* name, int leastLength = 0) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(pair, name, &raw) != 1)
        throw std::runtime_error("OpenSSL keeps a key parameter back");
    const security::BigNumber number(raw);
    const int length = std::max(BN_num_bytes(raw), leastLength);
    std::string octets(static_cast<std::size_t>(length), '\0');
    BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(octets.data()), length);
    return Json(security::encodeBase64Url(octets));
}

/// RFC 7638 section 3.2: the required members in lexicographic order.
Json::Object thumbprintMembers(KeyAlgorithm algorithm, const EVP_PKEY* pair) {
    if (isRsa(algorithm)) {
        return {{"e", parameter(pair, OSSL_PKEY_PARAM_RSA_E)},
                {"kty", jsonText("RSA")},
                {"n", parameter(pair, OSSL_PKEY_PARAM_RSA_N)}};
    }
    return {{"crv", jsonText("P-256")},
            {"kty", jsonText("EC")},
            {"x", parameter(pair, OSSL_PKEY_PARAM_EC_PUB_X, coordinateLength)},
            {"y", parameter(pair, OSSL_PKEY_PARAM_EC_PUB_Y, coordinateLength)}};
}

}  // namespace

std::shared_ptr<const SigningKey> SigningKey::generate(KeyAlgorithm algorithm, int bits) {
    security::EvpKey pair(isRsa(algorithm)
                              ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(bits))
                              : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    if (!pair) throw std::runtime_error("OpenSSL could not generate a key");
    return std::shared_ptr<const SigningKey>(new SigningKey(algorithm, std::move(pair)));
}

SigningKey::SigningKey(KeyAlgorithm algorithm, security::EvpKey pair)
    : _algorithm(algorithm),
      _pair(std::move(pair)),
      _members(thumbprintMembers(algorithm, _pair.get())),
      _kid(jwkThumbprint(_members)) {
    const Poco::Crypto::EVPPKey key(_pair.get());
    if (isRsa(algorithm)) {
        _signer.setRSAKey(new Poco::Crypto::RSAKey(key));
    } else {
        _signer.setECKey(new Poco::Crypto::ECKey(key));
    }
    _signer.setAlgorithms({std::string(nameOf(algorithm))});
}

Json SigningKey::publicJwk() const {
    Json::Object members{{"kty", jsonText(keyTypeOf(_algorithm))},
                         {"use", jsonText("sig")},
                         {"alg", jsonText(nameOf(_algorithm))},
                         {"kid", jsonText(_kid)}};
    for (const auto& member : _members) {
        if (member.first != "kty") members.push_back(member);
    }
    return Json(std::move(members));
}

std::string SigningKey::publicPem() const {
    const std::unique_ptr<BIO, security::OpenSslDeleter<BIO_free>> memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_PUBKEY(memory.get(), _pair.get()) != 1) {
        throw std::runtime_error("OpenSSL could not write a public key");
    }
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

std::string SigningKey::sign(Poco::JWT::Token token) const {
    token.setType("JWT");
    token.header().set("kid", _kid);
    return _signer.sign(token, std::string(nameOf(_algorithm)));
}

}  // namespace changebank::kickstart
