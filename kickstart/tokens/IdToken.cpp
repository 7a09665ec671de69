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
Json halfHash(std::string_view text, KeyAlgorithm algorithm) {
    const auto* digest = traitsOf(algorithm).digest();
    std::string bytes(EVP_MAX_MD_SIZE, '\0');
    unsigned length = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(bytes.data()), &length,
                   digest ? digest : EVP_sha512(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL could not digest a token");
    }
    return Json(encodeBase64Url(std::string_view(bytes).substr(0, length / 2)));
}

}  // namespace

std::string IdToken::mint(const TokenSubject& subject, const AuthenticationContext& context,
                          const Binding& binding, std::int64_t now) {
    const auto& user = subject.user;
    const auto algorithm = subject.idTokenKey->algorithm();
    Json::Object claims{{"aud", jsonText(subject.application->id.toText())},
                        {"exp", jsonInteger(now + subject.jwt.timeToLiveInSeconds)},
                        {"iat", jsonInteger(now)},
                        {"iss", jsonText(subject.tenant.issuer)},
                        {"sub", jsonText(user.id.toText())},
                        {"jti", jsonText(Uuid::random().toText())},
                        {"authenticationType", jsonText(context.type)}};
    if (hasScope(context.scope, "email")) addEmailClaims(claims, user);
    if (hasScope(context.scope, "profile")) addProfileClaims(claims, user);
    if (hasScope(context.scope, "phone")) addPhoneClaims(claims, user);
    if (!binding.accessToken.empty())
        claims.emplace_back("at_hash", halfHash(binding.accessToken, algorithm));
    if (!binding.nonce.empty()) claims.emplace_back("nonce", jsonText(binding.nonce));
    if (context.sid) claims.emplace_back("sid", jsonText(context.sid->toText()));
    claims.emplace_back("auth_time", jsonInteger(context.instant));
    claims.emplace_back("tid", jsonText(subject.tenant.id.toText()));
    claims.emplace_back("tty", jsonText("idt"));
    return subject.idTokenKey->sign(Json(std::move(claims)));
}

}  // namespace changebank::kickstart
