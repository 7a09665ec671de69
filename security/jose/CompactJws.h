#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "changebank/base/text/Json.h"
#include "changebank/security/refusal/Refusal.h"

namespace changebank::security {

/// A parsed but unverified JWS in the compact serialization (RFC 7515 section 7.1): three parts, the first a
/// JOSE header that we understand. The views point into the parsed token, which must outlive this object.
class CompactJws {
public:
    /// The maximum size of a token, in bytes.
    static constexpr std::size_t sizeLimit = std::size_t{128} * 1024;

    /// Parses a token. Refusals, in this order: Cause::notCompact, headerInvalid (also for a repeated member,
    /// invalid UTF-8, or nesting beyond JsonLimits), critInvalid, extensionUnknown, b64Missing,
    /// b64NotBoolean, algorithmMissing. The header parameters jku, jwk, x5u and x5c are ignored: keys come
    /// only from the configured set.
    static std::variant<CompactJws, Refusal> parse(std::string_view token);

    /// The JOSE header as a JSON object.
    const Json& header() const& noexcept { return _header; }
    Json header() && noexcept { return std::move(_header); }

    /// The header parameter `alg`; never empty.
    const std::string& algorithm() const noexcept { return *_header.find("alg")->string(); }

    /// The header parameter `kid`, if it is a string.
    std::optional<std::string> keyId() const;

    /// True if `kid` is present but not a string: no key can match it (RFC 7515 section 4.1.4).
    bool hasInvalidKeyId() const noexcept;

    /// True if `b64` is false: the payload is not base64url (RFC 7797), which is forbidden for a JWT (section
    /// 7).
    bool isUnencoded() const noexcept;

    /// The signed text: the first two parts with the dot between them.
    std::string_view signingInput() const noexcept { return _signingInput; }
    std::string_view encodedPayload() const noexcept { return _encodedPayload; }
    std::string_view encodedSignature() const noexcept { return _encodedSignature; }

private:
    CompactJws() = default;

    Json _header;
    std::string_view _signingInput;
    std::string_view _encodedPayload;
    std::string_view _encodedSignature;
};

}  // namespace changebank::security
