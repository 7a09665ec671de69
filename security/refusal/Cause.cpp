#include "changebank/security/refusal/Cause.h"

namespace changebank::security {

namespace {

constexpr std::array<CauseTraits, causeCount> table{{
    {Cause::forwardedRequestInvalid, "forwarded_request_invalid", 400, "ERR_FORWARDED_REQUEST",
     "% of the forwarded request is missing, repeated or malformed", ""},
    {Cause::pathAmbiguous, "path_ambiguous", 403, "ERR_PATH_AMBIGUOUS",
     "servers may read this path in different ways", ""},
    {Cause::fieldForbidden, "field_forbidden", 403, "ERR_FIELD_FORBIDDEN",
     "the header field % is not accepted from clients", ""},

    {Cause::clientRateExceeded, "client_rate_exceeded", 429, "ERR_CLIENT_RATE",
     "too many requests from your network", ""},

    {Cause::repeatedAuthorization, "repeated_authorization", 400, "ERR_INVALID_REQUEST",
     "more than one Authorization header", "invalid_request"},
    {Cause::malformedAuthorization, "malformed_authorization", 400, "ERR_INVALID_REQUEST",
     "the Authorization header has more than one word after %", "invalid_request"},
    {Cause::missingToken, "missing_token", 401, "", "Missing token cookie and Authorization header", ""},
    {Cause::crossSiteRequest, "cross_site_request", 403, "ERR_CROSS_SITE_REQUEST",
     "a token cookie is not accepted on a cross-site request", ""},
    {Cause::badTokenRateExceeded, "bad_token_rate_exceeded", 429, "ERR_BAD_TOKEN_RATE",
     "too many bad tokens from your network", ""},

    {Cause::notCompact, "not_compact", 401, "ERR_JWS_INVALID", "Invalid Compact JWS", "invalid_token"},
    {Cause::headerInvalid, "header_invalid", 401, "ERR_JWS_INVALID", "JWS Protected Header is invalid",
     "invalid_token"},
    {Cause::critInvalid, "crit_invalid", 401, "ERR_JWS_INVALID",
     "\"crit\" (Critical) Header Parameter MUST be an array of non-empty strings when present",
     "invalid_token"},
    {Cause::extensionUnknown, "extension_unknown", 401, "ERR_JOSE_NOT_SUPPORTED",
     "Extension Header Parameter \"%\" is not recognized", "invalid_token"},
    {Cause::b64Missing, "b64_missing", 401, "ERR_JWS_INVALID",
     "Extension Header Parameter \"b64\" is missing", "invalid_token"},
    {Cause::b64NotBoolean, "b64_not_boolean", 401, "ERR_JWS_INVALID",
     "The \"b64\" (base64url-encode payload) Header Parameter must be a boolean", "invalid_token"},
    {Cause::algorithmMissing, "algorithm_missing", 401, "ERR_JWS_INVALID",
     "JWS \"alg\" (Algorithm) Header Parameter missing or invalid", "invalid_token"},
    {Cause::algorithmUnsupported, "algorithm_unsupported", 401, "ERR_JOSE_NOT_SUPPORTED",
     "Unsupported \"alg\" value for a JSON Web Key Set", "invalid_token"},
    {Cause::algorithmNotAllowed, "algorithm_not_allowed", 401, "ERR_JOSE_ALG_NOT_ALLOWED",
     "\"alg\" (Algorithm) Header Parameter not allowed", "invalid_token"},

    {Cause::keysUnreachable, "keys_unreachable", 503, "ERR_JWKS_UNREACHABLE",
     "the JSON Web Key Set cannot be reached", ""},
    {Cause::keysTimedOut, "keys_timed_out", 503, "ERR_JWKS_TIMEOUT", "request timed out", ""},
    {Cause::keysStatus, "keys_status", 503, "ERR_JWKS_UNAVAILABLE",
     "Expected 200 OK from the JSON Web Key Set HTTP response", ""},
    {Cause::keysNotJson, "keys_not_json", 503, "ERR_JWKS_UNAVAILABLE",
     "Failed to parse the JSON Web Key Set HTTP response as JSON", ""},
    {Cause::keysMalformed, "keys_malformed", 503, "ERR_JWKS_INVALID", "JSON Web Key Set malformed", ""},
    {Cause::keysUnusable, "keys_unusable", 503, "ERR_JWKS_INVALID", "the JSON Web Key Set has no usable key",
     ""},
    {Cause::keysBusy, "keys_busy", 503, "ERR_JWKS_BUSY", "too many requests wait for the JSON Web Key Set",
     ""},
    {Cause::noMatchingKey, "no_matching_key", 401, "ERR_JWKS_NO_MATCHING_KEY",
     "no applicable key found in the JSON Web Key Set", "invalid_token"},
    {Cause::multipleMatchingKeys, "multiple_matching_keys", 401, "ERR_JWKS_MULTIPLE_MATCHING_KEYS",
     "multiple matching keys found in the JSON Web Key Set", "invalid_token"},

    {Cause::signatureInvalid, "signature_invalid", 401, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
     "signature verification failed", "invalid_token"},
    {Cause::payloadNotBase64Url, "payload_not_base64url", 401, "ERR_JWS_INVALID",
     "Failed to base64url decode the payload", "invalid_token"},
    {Cause::payloadUnencoded, "payload_unencoded", 401, "ERR_JWT_INVALID",
     "JWTs MUST NOT use unencoded payload", "invalid_token"},
    {Cause::typeUnexpected, "type_unexpected", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "unexpected \"typ\" JWT header value", "invalid_token"},
    {Cause::claimsNotObject, "claims_not_object", 401, "ERR_JWT_INVALID",
     "JWT Claims Set must be a top-level JSON object", "invalid_token"},

    {Cause::claimMissing, "claim_missing", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "missing required \"%\" claim", "invalid_token"},
    {Cause::claimUnexpected, "claim_unexpected", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "unexpected \"%\" claim value", "invalid_token"},
    {Cause::claimNotNumber, "claim_not_number", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "\"%\" claim must be a number", "invalid_token"},
    {Cause::claimTimestampFailed, "claim_timestamp_failed", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "\"%\" claim timestamp check failed", "invalid_token"},
    {Cause::issuedInFuture, "issued_in_future", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "\"iat\" claim timestamp check failed (it should be in the past)", "invalid_token"},
    {Cause::expired, "expired", 401, "ERR_JWT_EXPIRED", "\"exp\" claim timestamp check failed",
     "invalid_token"},
    {Cause::lifetimeTooLong, "lifetime_too_long", 401, "ERR_JWT_CLAIM_VALIDATION_FAILED",
     "\"exp\" claim is too long after the \"iat\" claim", "invalid_token"},

    {Cause::revoked, "revoked", 401, "ERR_JWT_REVOKED", "the token has been revoked", "invalid_token"},
    {Cause::revocationsUnavailable, "revocations_unavailable", 503, "ERR_REVOCATIONS_UNAVAILABLE",
     "revocations cannot be checked", ""},

    {Cause::dpopRequired, "dpop_required", 401, "ERR_DPOP_REQUIRED", "a DPoP-bound access token is needed",
     "invalid_token"},
    {Cause::dpopTokenAsBearer, "dpop_token_as_bearer", 401, "ERR_DPOP_BOUND",
     "a DPoP-bound access token is accepted only with the scheme DPoP", "invalid_token"},
    {Cause::dpopTokenUnbound, "dpop_token_unbound", 401, "ERR_DPOP_UNBOUND",
     "the access token is not bound to a DPoP key", "invalid_token"},
    {Cause::certificateMissing, "certificate_missing", 401, "ERR_CERTIFICATE_MISSING",
     "the access token needs the client certificate that it is bound to", "invalid_token"},
    {Cause::certificateMismatch, "certificate_mismatch", 401, "ERR_CERTIFICATE_MISMATCH",
     "the access token is bound to another client certificate", "invalid_token"},

    {Cause::dpopMissing, "dpop_missing", 401, "ERR_DPOP_MISSING", "the DPoP header is missing",
     "invalid_dpop_proof"},
    {Cause::dpopRepeated, "dpop_repeated", 401, "ERR_DPOP_INVALID", "more than one DPoP header",
     "invalid_dpop_proof"},
    {Cause::dpopMalformed, "dpop_malformed", 401, "ERR_DPOP_INVALID",
     "the DPoP proof is not a well-formed JWT", "invalid_dpop_proof"},
    {Cause::dpopHeaderUnexpected, "dpop_header_unexpected", 401, "ERR_DPOP_INVALID",
     "unexpected \"%\" header value in the DPoP proof", "invalid_dpop_proof"},
    {Cause::dpopAlgorithmNotAllowed, "dpop_algorithm_not_allowed", 401, "ERR_DPOP_ALG_NOT_ALLOWED",
     "\"alg\" (Algorithm) Header Parameter not allowed in the DPoP proof", "invalid_dpop_proof"},
    {Cause::dpopKeyInvalid, "dpop_key_invalid", 401, "ERR_DPOP_INVALID",
     "the \"jwk\" of the DPoP proof is not a usable public key", "invalid_dpop_proof"},
    {Cause::dpopClaimMissing, "dpop_claim_missing", 401, "ERR_DPOP_INVALID",
     "missing required \"%\" claim in the DPoP proof", "invalid_dpop_proof"},
    {Cause::dpopClaimUnexpected, "dpop_claim_unexpected", 401, "ERR_DPOP_INVALID",
     "unexpected \"%\" claim value in the DPoP proof", "invalid_dpop_proof"},
    {Cause::dpopKeyMismatch, "dpop_key_mismatch", 401, "ERR_DPOP_KEY_MISMATCH",
     "the access token is bound to another key than the DPoP proof's", "invalid_token"},
    {Cause::dpopTimestampFailed, "dpop_timestamp_failed", 401, "ERR_DPOP_EXPIRED",
     "\"%\" claim timestamp check failed in the DPoP proof", "invalid_dpop_proof"},
    {Cause::dpopSignatureInvalid, "dpop_signature_invalid", 401, "ERR_DPOP_SIGNATURE_VERIFICATION_FAILED",
     "signature verification of the DPoP proof failed", "invalid_dpop_proof"},
    {Cause::dpopNonceMissing, "dpop_nonce_missing", 401, "ERR_DPOP_NONCE",
     "the DPoP proof needs the nonce of the DPoP-Nonce header", "use_dpop_nonce"},
    {Cause::dpopReplayed, "dpop_replayed", 401, "ERR_DPOP_REPLAYED", "the DPoP proof was used before",
     "invalid_dpop_proof"},
    {Cause::dpopTooMany, "dpop_too_many", 429, "ERR_DPOP_TOO_MANY",
     "too many DPoP proofs of one caller in a short time", ""},
    {Cause::dpopStoreFull, "dpop_store_full", 503, "ERR_DPOP_BUSY", "too many DPoP proofs in a short time",
     ""},
    {Cause::dpopStoreUnavailable, "dpop_store_unavailable", 503, "ERR_DPOP_UNAVAILABLE",
     "replays of DPoP proofs cannot be detected", ""},

    {Cause::subjectRateExceeded, "subject_rate_exceeded", 429, "ERR_SUBJECT_RATE",
     "too many requests with your tokens", ""},
    {Cause::roleMissing, "role_missing", 403, "", "You do not have a role with permissions to do this.",
     "insufficient_scope"},
    {Cause::scopeMissing, "scope_missing", 403, "ERR_INSUFFICIENT_SCOPE",
     "the token does not have the scopes that this needs", "insufficient_scope"},
    {Cause::permissionMissing, "permission_missing", 403, "ERR_INSUFFICIENT_SCOPE",
     "you do not have the permissions that this needs", "insufficient_scope"},
    {Cause::ruleMissing, "rule_missing", 403, "ERR_NO_RULE", "no rule allows this request", ""},

    {Cause::insufficientAuthentication, "insufficient_authentication", 401,
     "ERR_INSUFFICIENT_USER_AUTHENTICATION", "this needs a fresh or a stronger sign-in",
     "insufficient_user_authentication"},
}};

constexpr bool tableIsInOrder() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].cause) != i) return false;
    }
    return true;
}
static_assert(tableIsInOrder(), "each cause stands at its own place in the table");

}  // namespace

const std::array<CauseTraits, causeCount>& allCauses() noexcept {
    return table;
}

const CauseTraits& traitsOf(Cause cause) noexcept {
    return table[static_cast<std::size_t>(cause)];
}

bool isOurFault(Cause cause) noexcept {
    return traitsOf(cause).status == 503;
}

}  // namespace changebank::security
