#include "changebank/daemon/control/DpopKey.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/RandomBytes.h"
#include "changebank/base/system/Sha256.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/security/jose/JwsSigning.h"
#include "changebank/security/jose/PublicJwk.h"

namespace changebank::daemon {

namespace {

constexpr std::size_t idSize = 16;

using Bio = std::unique_ptr<BIO, OpenSslDeleter<BIO_free>>;

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

[[noreturn]] void fail(const char* what) {
    throw std::runtime_error(std::string("OpenSSL could not ") + what);
}

bool isP256(const EVP_PKEY& key) {
    char group[80] = "";
    return EVP_PKEY_get_utf8_string_param(&key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, nullptr) ==
               1 &&
           std::string_view(group) == SN_X9_62_prime256v1;
}

}  // namespace

DpopKey DpopKey::generate() {
    EvpKey key(EVP_EC_gen("P-256"));
    if (!key) fail("make a key");
    return DpopKey(std::move(key));
}

std::variant<DpopKey, std::string> DpopKey::read(const std::string& path) {
    const ErrorQueueCleaner cleaner;
    const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "re"));
    if (!file) return path + ": " + errnoText();
    // Without this function, OpenSSL would ask the terminal for a passphrase.
    const auto noPassphrase = [](char*, int, int, void*) { return -1; };
    EvpKey key(PEM_read_PrivateKey(file.get(), nullptr, noPassphrase, nullptr));
    if (!key || !isP256(*key)) return path + ": not a private key on P-256 in PEM, without a passphrase";
    return DpopKey(std::move(key));
}

std::string DpopKey::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PrivateKey(bio.get(), _key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1)
        fail("write a key");
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string DpopKey::jwk() const {
    return security::publicJwk(*_key);
}

std::string DpopKey::prove(std::string_view method, std::string_view uri, std::string_view token,
                           std::int64_t now, std::string_view nonce) const {
    const auto header = R"({"typ":"dpop+jwt","alg":"ES256","jwk":)" + jwk() + "}";
    auto claims = jsonObject({{"jti", encodeBase64Url(randomBytes(idSize))},
                              {"htm", std::string(method)},
                              {"htu", std::string(uri)},
                              {"iat", now}});
    if (!token.empty()) claims.set("ath", encodeBase64Url(sha256(token)));
    if (!nonce.empty()) claims.set("nonce", std::string(nonce));
    return security::signJws(*_key, EVP_sha256(), header, textOf(claims));
}

}  // namespace changebank::daemon
