#include "changebank/security/explanation/Station.h"

#include <algorithm>

namespace changebank::security {

namespace {

/// A claim is missing before any is compared (checkClaims()), unless only a later check wants it.
Station stationOfMissing(const std::string& claim, const TokenPolicy& policy) noexcept {
    const bool isRfc9068 = policy.profile == TokenProfile::rfc9068;
    if (claim == "iss" || claim == policy.claims.audience.toText()) return Station::claims;
    if (claim == "exp" && (policy.requireExpiration || isRfc9068)) return Station::claims;
    constexpr std::array<std::string_view, 4> others{"sub", "client_id", "iat", "jti"};
    const bool isOther = std::find(others.begin(), others.end(), claim) != others.end();
    return isRfc9068 && isOther ? Station::claims : Station::kind;
}

Station stationOfUnexpected(const std::string& claim, const TokenPolicy& policy) noexcept {
    if (claim == "iss") return Station::issuer;
    return claim == policy.claims.audience.toText() ? Station::audience : Station::kind;
}

}  // namespace

std::string_view nameOf(Station station) noexcept {
    constexpr std::array<std::string_view, 13> names{
        "token", "form", "key",        "signature", "claims", "issuer", "audience",
        "times", "kind", "revocation", "sender",    "access", "handler"};
    return names[static_cast<std::size_t>(station)];
}

std::vector<Station> stationsInOrder(bool isIssuerFirst) {
    std::vector<Station> stations{Station::token, Station::form};
    if (isIssuerFirst) stations.push_back(Station::issuer);
    for (const auto station : {Station::key, Station::signature, Station::claims})
        stations.push_back(station);
    if (!isIssuerFirst) stations.push_back(Station::issuer);
    for (const auto station : {Station::audience, Station::times, Station::kind, Station::revocation,
                               Station::sender, Station::access, Station::handler})
        stations.push_back(station);
    return stations;
}

// Without a default: the compiler asks for the station of a new cause.
Station stationOf(const Refusal& refusal, const TokenPolicy& policy) noexcept {
    switch (refusal.cause) {
        // Those of the decision endpoint come before any token is looked for.
        case Cause::forwardedRequestInvalid:
        case Cause::pathAmbiguous:
        case Cause::fieldForbidden:
        case Cause::repeatedAuthorization:
        case Cause::malformedAuthorization:
        case Cause::missingToken:
        case Cause::crossSiteRequest:
        case Cause::clientRateExceeded:
        case Cause::badTokenRateExceeded:
            return Station::token;

        case Cause::notCompact:
        case Cause::headerInvalid:
        case Cause::critInvalid:
        case Cause::extensionUnknown:
        case Cause::b64Missing:
        case Cause::b64NotBoolean:
        case Cause::algorithmMissing:
            return Station::form;

        case Cause::algorithmUnsupported:
        case Cause::algorithmNotAllowed:
        case Cause::keysUnreachable:
        case Cause::keysTimedOut:
        case Cause::keysStatus:
        case Cause::keysNotJson:
        case Cause::keysMalformed:
        case Cause::keysUnusable:
        case Cause::keysBusy:
        case Cause::noMatchingKey:
        case Cause::multipleMatchingKeys:
            return Station::key;

        case Cause::signatureInvalid:
            return Station::signature;

        case Cause::payloadNotBase64Url:
        case Cause::payloadUnencoded:
        case Cause::typeUnexpected:
        case Cause::claimsNotObject:
            return Station::claims;

        case Cause::claimMissing:
            return stationOfMissing(refusal.parameter, policy);
        case Cause::claimUnexpected:
            return stationOfUnexpected(refusal.parameter, policy);

        case Cause::claimNotNumber:
        case Cause::claimTimestampFailed:
        case Cause::issuedInFuture:
        case Cause::expired:
        case Cause::lifetimeTooLong:
            return Station::times;

        case Cause::revoked:
        case Cause::revocationsUnavailable:
            return Station::revocation;

        // Of an issuer or of a route.
        case Cause::dpopRequired:
            return policy.dpop == DpopUse::require ? Station::kind : Station::access;

        case Cause::dpopTokenAsBearer:
        case Cause::dpopTokenUnbound:
        case Cause::certificateMissing:
        case Cause::certificateMismatch:
        case Cause::dpopMissing:
        case Cause::dpopRepeated:
        case Cause::dpopMalformed:
        case Cause::dpopHeaderUnexpected:
        case Cause::dpopAlgorithmNotAllowed:
        case Cause::dpopKeyInvalid:
        case Cause::dpopClaimMissing:
        case Cause::dpopClaimUnexpected:
        case Cause::dpopKeyMismatch:
        case Cause::dpopTimestampFailed:
        case Cause::dpopSignatureInvalid:
        case Cause::dpopNonceMissing:
        case Cause::dpopReplayed:
        case Cause::dpopTooMany:
        case Cause::dpopStoreFull:
        case Cause::dpopStoreUnavailable:
            return Station::sender;

        case Cause::subjectRateExceeded:
        case Cause::roleMissing:
        case Cause::scopeMissing:
        case Cause::permissionMissing:
        case Cause::ruleMissing:
        case Cause::insufficientAuthentication:
            return Station::access;
    }
    return Station::token;
}

}  // namespace changebank::security
