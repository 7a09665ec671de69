#include "changebank/security/jose/TokenSigner.h"

#include <openssl/pem.h>

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/jose/JwsSigning.h"
#include "changebank/security/jose/JwsVerification.h"
#include "changebank/security/jose/KeyThumbprint.h"
#include "changebank/security/jose/Pem.h"
#include "changebank/security/jose/PublicJwk.h"

namespace changebank::security {

namespace {

using Unusable = TokenSigner::Unusable;

constexpr std::string_view howToMake =
    "; make one with openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

/// Why a text is not one private key that needs no passphrase, if so.
std::optional<std::string> faultOfBlocks(const std::vector<PemBlock>& blocks) {
    if (blocks.empty()) return "has no complete PEM block, but needs a private key" + std::string(howToMake);
    if (blocks.size() > 1)
        return "has several PEM blocks; keep the private key alone, as openssl pkey writes it";
    const auto& [name, bytes, hasHeader] = blocks.front();
    if (name == PEM_STRING_X509) return "has a certificate instead of its private key";
    if (name == PEM_STRING_PUBLIC || name == PEM_STRING_RSA_PUBLIC)
        return "has a public key instead of the private one";
    if (name == PEM_STRING_PKCS8 || hasHeader)
        return "has a private key with a passphrase; remove that with openssl pkey";
    if (!name.ends_with("PRIVATE KEY"))
        return "has a PEM block " + inQuotes(name) + ", which is not a private key" + std::string(howToMake);
    return std::nullopt;
}

/// The algorithm of a key without `alg`, by what our own validator would take it for.
std::variant<Algorithm, Unusable> algorithmOf(const std::string& publicJwk) {
    const auto json = Json::parse(publicJwk);
    if (!json)
        return Unusable{"has a key that is neither RSA nor Ed25519 nor on the curves P-256, P-384 and P-521" +
                        std::string(howToMake)};
    const auto imported = JsonWebKey::import(*json);
    if (const auto* bad = std::get_if<JsonWebKey::Unusable>(&imported))
        return Unusable{"has a key that cannot be used: " + bad->reason + std::string(howToMake)};
    switch (std::get<0>(imported)->family()) {
        case KeyFamily::rsa:
            return Algorithm::rs256;
        case KeyFamily::p256:
            return Algorithm::es256;
        case KeyFamily::p384:
            return Algorithm::es384;
        case KeyFamily::p521:
            return Algorithm::es512;
        case KeyFamily::ed25519:
            break;
    }
    return Algorithm::ed25519;
}

/// Whether the published key verifies what the private one signs: they are separate numbers of a PEM text.
bool isWhole(const TokenSigner& signer) {
    try {
        const auto token = signer.sign("{}");
        const auto keys = JwkSet::parse("{\"keys\":[" + signer.jwk() + "]}");
        return std::holds_alternative<VerifiedJws>(
            verifyJws(token, *std::get<std::shared_ptr<const JwkSet>>(keys), {signer.algorithm()}));
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace

TokenSigner::TokenSigner(EvpKey key, Algorithm algorithm, const std::string& publicJwk)
    : _key(std::move(key)),
      _algorithm(algorithm),
      _digest(traitsOf(algorithm).digest ? EVP_get_digestbyname(traitsOf(algorithm).digest) : nullptr) {
    const auto kid = quoteJson(keyThumbprint(*Json::parse(publicJwk)).value());
    const auto alg = quoteJson(traitsOf(algorithm).name);
    _header = R"({"alg":)" + alg + R"(,"kid":)" + kid + R"(,"typ":"JWT"})";
    _jwk = publicJwk.substr(0, publicJwk.size() - 1) + R"(,"alg":)" + alg + R"(,"kid":)" + kid +
           R"(,"use":"sig"})";
}

std::variant<TokenSigner, TokenSigner::Unusable> TokenSigner::fromPem(std::string_view pem) {
    const ErrorQueueCleaner cleaner;
    if (auto why = faultOfBlocks(pemBlocksIn(pem))) return Unusable{std::move(*why)};
    auto key = privateKeyIn(pem);
    if (!key) return Unusable{"has a private key that OpenSSL cannot read" + std::string(howToMake)};
    const auto jwk = publicJwk(*key);
    const auto algorithm = algorithmOf(jwk);
    if (const auto* why = std::get_if<Unusable>(&algorithm)) return *why;
    TokenSigner signer(std::move(key), std::get<Algorithm>(algorithm), jwk);
    if (!isWhole(signer))
        return Unusable{"has a private key that does not fit its public half" + std::string(howToMake)};
    return signer;
}

std::string TokenSigner::sign(std::string_view payload) const {
    const ErrorQueueCleaner cleaner;
    return signJws(*_key, _digest, _header, payload);
}

}  // namespace changebank::security
