#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace changebank::security {

/// Why a request was refused: one enumerator for each cause that a caller, an operator or a metric can tell
/// apart, in the order of the checks. The first cause found is reported.
///
/// Codes and messages are those of jose 4.15.9, which the quickstart's Express application sends
/// (resource-server contract); causes that jose does not know have its nearest code.
enum class Cause : unsigned char {
    // What a proxy asks about (decision endpoint), with the field's name as the parameter.
    forwardedRequestInvalid,
    pathAmbiguous,
    fieldForbidden,

    // How much the client's network asks (RFC 6585 section 4).
    clientRateExceeded,

    // Where the token is looked for (RFC 6750 section 2).
    repeatedAuthorization,
    malformedAuthorization,
    missingToken,
    crossSiteRequest,
    badTokenRateExceeded,

    // The compact serialization and its header (RFC 7515 sections 3.1, 4 and 7.1).
    notCompact,
    headerInvalid,
    critInvalid,
    extensionUnknown,
    b64Missing,
    b64NotBoolean,
    algorithmMissing,
    algorithmUnsupported,
    algorithmNotAllowed,

    // The key (RFC 7517).
    keysUnreachable,
    keysTimedOut,
    keysStatus,
    keysNotJson,
    keysMalformed,
    keysUnusable,
    keysBusy,
    noMatchingKey,
    multipleMatchingKeys,

    // The signature and the payload (RFC 7515 section 5.2, RFC 7519 section 7.2).
    signatureInvalid,
    payloadNotBase64Url,
    payloadUnencoded,
    typeUnexpected,
    claimsNotObject,

    // The claims (RFC 7519 section 4.1), with the claim's name as the parameter.
    claimMissing,
    claimUnexpected,
    claimNotNumber,
    claimTimestampFailed,
    issuedInFuture,
    expired,
    lifetimeTooLong,

    // Whether the token was revoked since it was issued.
    revoked,
    revocationsUnavailable,

    // What the token is bound to (RFC 9449 section 7, RFC 8705 section 3).
    dpopRequired,
    dpopTokenAsBearer,
    dpopTokenUnbound,
    certificateMissing,
    certificateMismatch,

    // The proof of a bound token (RFC 9449 section 4.3), with the parameter or the claim as the parameter.
    dpopMissing,
    dpopRepeated,
    dpopMalformed,
    dpopHeaderUnexpected,
    dpopAlgorithmNotAllowed,
    dpopKeyInvalid,
    dpopClaimMissing,
    dpopClaimUnexpected,
    dpopKeyMismatch,
    dpopTimestampFailed,
    dpopSignatureInvalid,
    dpopNonceMissing,
    dpopReplayed,
    dpopTooMany,
    dpopStoreFull,
    dpopStoreUnavailable,

    // How much the principal asks, and what it may do (RFC 6750 section 3.1).
    subjectRateExceeded,
    roleMissing,
    scopeMissing,
    permissionMissing,
    ruleMissing,

    // How and how long ago the principal signed in (RFC 9470).
    insufficientAuthentication,
};

inline constexpr std::size_t causeCount = static_cast<std::size_t>(Cause::insufficientAuthentication) + 1;

/// How a cause appears on the wire. All texts have static storage.
struct CauseTraits {
    Cause cause;
    /// A stable name for metrics and logs, lower case with underscores.
    std::string_view name;
    /// The HTTP status: 400, 401, 403, 429 or 503.
    int status;
    /// The member `code` of the body; empty if the body has none.
    std::string_view code;
    /// The member `error` of the body; `%` stands for the refusal's parameter.
    std::string_view message;
    /// The `error` parameter of the challenge (RFC 6750 section 3.1, RFC 9449 section 7.1); empty: a
    /// challenge without one.
    std::string_view challengeError;
};

/// Every cause, in the order of the enumerators.
const std::array<CauseTraits, causeCount>& allCauses() noexcept;

/// The traits of one cause.
const CauseTraits& traitsOf(Cause cause) noexcept;

/// True for causes that are not the caller's fault (status 503).
bool isOurFault(Cause cause) noexcept;

}  // namespace changebank::security
