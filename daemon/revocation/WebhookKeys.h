#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/KeySource.h"

namespace changebank::daemon {

/// The keys that sign FusionAuth's events: those of a file, and pinned ones of an issuer's key set. Other keys
/// of the issuer do not count: they sign tokens, also of other tenants. Thread-safe.
class WebhookKeys {
public:
    /// The key set of a file: a JWK set, a JWK, or a public key or certificate in PEM. Why it is unusable
    /// otherwise, as the end of a sentence that begins with the file's name.
    struct Unusable {
        std::string why;
    };
    static std::variant<std::shared_ptr<const security::JwkSet>, Unusable> read(const std::string& path);

    /// `own` is the key set of the file, nullptr if there is none; `kids` are the pinned keys of `issuer`'s set
    /// (nullptr if there are none).
    WebhookKeys(std::shared_ptr<const security::JwkSet> own, std::vector<std::string> kids,
                std::shared_ptr<security::KeySource> issuer);

    /// Why an event is not authentic.
    enum class Verdict : unsigned char {
        authentic,
        /// 401
        refused,
        /// 503: the issuer's keys cannot be fetched.
        keysUnavailable,
    };

    /// Checks the field X-FusionAuth-Signature-JWT: a compact JWS by one of the keys, with an asymmetric
    /// algorithm, whose claim `request_body_sha256` is the padded base64 of the body's SHA-256. May wait for a
    /// fetch of the issuer's keys.
    Verdict verify(std::string_view signatureJwt, std::string_view body) const;

private:
    std::shared_ptr<const security::JwkSet> _own;
    std::vector<std::string> _kids;
    std::shared_ptr<security::KeySource> _issuer;
};

}  // namespace changebank::daemon
