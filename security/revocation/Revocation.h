#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "changebank/base/text/Json.h"
#include "changebank/security/revocation/RevocationKey.h"

namespace changebank::security {

/// Whose tokens are not accepted any more: those of a session, of a user, of a user in one application, or of
/// an application, which were issued at or before an instant. A plain value.
struct Revocation {
    /// The claim `sid`, FusionAuth's id of the refresh token. If set, the others are empty.
    std::string session{};
    /// The subject.
    std::string user{};
    /// The claim `applicationId`, or one of the claim `aud`. With `user`: of that user alone.
    std::string application{};
    /// The claim `tid`, for an application; empty: in every tenant.
    std::string tenant{};
    /// In seconds since 1970: tokens whose `iat` is not after it are revoked.
    std::int64_t issuedUpTo = 0;
    /// Why, for people: an event's type, or who did it by hand.
    std::string reason{};

    /// No id is longer than that, in bytes, nor the reason.
    static constexpr std::size_t maxIdSize = 256;
    /// The end of the year 9999.
    static constexpr std::int64_t latestInstant = 253'402'300'799;

    /// Why it revokes nothing or has parts that do not belong together, if so: a line without foreign text.
    /// Ids and reason are UTF-8 without control characters and those for which isHidden() holds.
    std::optional<std::string> fault() const;

    /// Equal for two revocations of the same tokens, whatever the instant and the reason. For one without a
    /// fault().
    RevocationKey key() const;

    /// One line of JSON with the members that are not empty: `{"user":"…","issuedUpTo":1764500000,…}`.
    std::string toJson() const;
    /// The reverse; std::nullopt for everything that toJson() does not write, members in any order.
    static std::optional<Revocation> fromJson(const Json& json);

    friend bool operator==(const Revocation&, const Revocation&) = default;
};

}  // namespace changebank::security
