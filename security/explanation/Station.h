#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "changebank/security/refusal/Refusal.h"
#include "changebank/security/token/TokenPolicy.h"

namespace changebank::security {

/// Where a request passes on its way to the handler, if nothing stops it.
enum class Station : unsigned char {
    /// A token is there, once and in the right place; a cookie not on a cross-site request; and the client's
    /// network has not sent too many.
    token,
    /// It is a compact JWS with a header that we understand.
    form,
    /// There are keys, and one of them fits.
    key,
    signature,
    /// The payload is an object with the claims that must be there, of a token type that is accepted.
    claims,
    issuer,
    audience,
    times,
    /// It is an access token of the right tenant, bound in no other way than we check, and of somebody.
    kind,
    revocation,
    /// The sender is the one whom the token is bound to.
    sender,
    /// The caller has not made too many requests, there is such a route, and its rule admits the caller.
    access,
    handler,
};

/// In lower case.
std::string_view nameOf(Station station) noexcept;

/// All stations, in the order in which the code judges. With several issuers the claim `iss` of a token,
/// unverified, chooses the key: `isIssuerFirst` says that it did.
std::vector<Station> stationsInOrder(bool isIssuerFirst);

/// The station that a refused request came to. `policy` is that of the issuer by which the token was judged.
/// Pure.
Station stationOf(const Refusal& refusal, const TokenPolicy& policy) noexcept;

}  // namespace changebank::security
