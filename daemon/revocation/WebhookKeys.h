#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "changebank/security/jose/CompactJws.h"
#include "changebank/security/jose/JwkSet.h"
#include "changebank/security/keys/KeySource.h"

namespace changebank::daemon {

/// The keys that sign FusionAuth's events: those of a file, and pinned ones of an issuer's key set. Other
/// keys of the issuer do not count: they sign tokens, also of other tenants. Thread-safe.
class WebhookKeys {
public:
    /// `own` are the keys of a file (readPublicKeys()), nullptr if there is none; `kids` are the pinned keys
    /// of `issuer`'s set (nullptr if there are none).
    WebhookKeys(std::shared_ptr<const security::JwkSet> own, std::vector<std::string> kids,
                std::shared_ptr<security::KeySource> issuer);

    enum class Verdict : unsigned char {
        authentic,
        /// The event may be anybody's.
        refused,
        /// Nobody can tell now: the issuer's keys cannot be fetched.
        keysUnavailable,
    };
    struct Result {
        Verdict verdict;
        /// If not authentic, why: one line for the operator. Shows nothing of the event and of the signature
        /// but its `kid`, escaped.
        std::string why{};
    };

    /// Checks the field X-FusionAuth-Signature-JWT: a compact JWS whose claim `request_body_sha256` is the
    /// padded base64 of the body's SHA-256, by one of the keys with any asymmetric algorithm that fits it.
    /// `typ` is "JWT" or absent. Keys of the file that have a `kid` sign under it or under none, those
    /// without under any; pinned keys sign under their `kid`, which no other key of the set may have. Other
    /// claims are ignored, as FusionAuth sends none, except `sub`: a token of a user is no signature, even if
    /// a claim of it can be chosen. May wait for a fetch of the issuer's keys, if a pinned one is missing.
    Result verify(std::string_view signatureJwt, std::string_view body) const;

private:
    Result verifySignature(const security::CompactJws& jws) const;
    Result verifyByPinned(const security::CompactJws& jws, security::Algorithm algorithm) const;
    bool isPinned(const std::optional<std::string>& kid) const;

    std::shared_ptr<const security::JwkSet> _own;
    std::vector<std::string> _kids;
    std::shared_ptr<security::KeySource> _issuer;
};

}  // namespace changebank::daemon
