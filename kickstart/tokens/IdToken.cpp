#include "changebank/kickstart/tokens/IdToken.h"

#include <stdexcept>

#include "changebank/base/system/OpenSsl.h"
#include "changebank/base/text/Base64Url.h"
#include "changebank/kickstart/tokens/Scopes.h"
#include "changebank/kickstart/tokens/UserClaims.h"
#include "changebank/kickstart/values/JsonValues.h"

namespace changebank::kickstart {

namespace {

/// OpenID Connect Core 1.0 section 3.1.3.6: the left half of the digest that the token's algorithm uses;
/// SHA-512 for Ed25519.
std::string halfHash(std::string_view text, KeyAlgorithm algorithm) {
    const auto* digest = traitsOf(algorithm).digest();
    std::string bytes(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(bytes.data()), &length,
                   digest ? digest : EVP_sha512(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL could not digest a token");
    }
    return encodeBase64Url(std::string_view(bytes).substr(0, length / 2));
}

}  // namespace

std::string IdToken::mint(const TokenSubject& subject, const AuthenticationContext& context,
                          const Binding& binding, std::int64_t now) {
    const auto& user = subject.user;
    const auto algorithm = subject.idTokenKey->algorithm();
    auto claims = jsonObject({{"aud", subject.application->id.toText()},
                              {"exp", now + subject.jwt.timeToLiveInSeconds},
                              {"iat", now},
                              {"iss", subject.tenant.issuer},
                              {"sub", user.id.toText()},
                              {"jti", Uuid::random().toText()},
                              {"authenticationType", context.type}});
    if (hasScope(context.scope, "email")) addEmailClaims(claims, user);
    if (hasScope(context.scope, "profile")) addProfileClaims(claims, user);
    if (hasScope(context.scope, "phone")) addPhoneClaims(claims, user);
    if (!binding.accessToken.empty()) claims.set("at_hash", halfHash(binding.accessToken, algorithm));
    if (!binding.nonce.empty()) claims.set("nonce", std::string(binding.nonce));
    if (context.sid) claims.set("sid", context.sid->toText());
    claims.set("auth_time", context.instant);
    claims.set("tid", subject.tenant.id.toText());
    claims.set("tty", "idt");
    return subject.idTokenKey->sign(claims);
}

}  // namespace changebank::kickstart
