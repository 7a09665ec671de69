#include "changebank/security/token/TokenValidator.h"

#include <Poco/Exception.h>

#include <algorithm>
#include <utility>

#include "changebank/security/jose/JwsVerification.h"

namespace changebank::security {

namespace {

/// Why a fetch could change the result; std::nullopt if it could not.
std::optional<FetchReason> reasonToFetch(Cause cause) {
    if (cause == Cause::signatureInvalid) return FetchReason::signatureInvalid;
    if (cause == Cause::revocationsUnavailable) return std::nullopt;
    if (isOurFault(cause) || cause == Cause::noMatchingKey) return FetchReason::keyMissing;
    return std::nullopt;
}

ValidationResult principalOf(VerificationResult result) {
    if (auto* refusal = std::get_if<Refusal>(&result)) return std::move(*refusal);
    auto& token = std::get<std::shared_ptr<const VerifiedToken>>(result);
    const auto* principal = &token->principal;
    return std::shared_ptr<const Principal>(std::move(token), principal);
}

}  // namespace

TokenValidator::TokenValidator(std::vector<TrustedIssuer> issuers, std::shared_ptr<VerifiedTokenCache> cache,
                               Clock& clock, std::shared_ptr<const RevocationList> revocations)
    : _issuers(std::move(issuers)),
      _cache(std::move(cache)),
      _isCurrent([this](const Generation& generation) { return isCurrent(generation); }),
      _clock(clock),
      _revocations(std::move(revocations)) {
    if (_issuers.empty()) throw Poco::InvalidArgumentException("no issuer");
    for (std::size_t i = 0; i < _issuers.size(); ++i) {
        const auto& name = _issuers[i].policy.issuer;
        if (!_byName.emplace(name, i).second) throw Poco::InvalidArgumentException("two issuers are", name);
    }
}

TokenValidator::TokenValidator(TokenPolicy policy, std::shared_ptr<KeySource> keys,
                               std::shared_ptr<VerifiedTokenCache> cache, std::uint64_t generation,
                               Clock& clock, std::shared_ptr<const RevocationList> revocations)
    : TokenValidator({{.name = "default",
                       .policy = std::move(policy),
                       .keys = std::move(keys),
                       .generation = generation}},
                     std::move(cache), clock, std::move(revocations)) {}

const TrustedIssuer* TokenValidator::issuerOf(const Json* claims) const {
    const auto* name = claims ? claims->find("iss") : nullptr;
    if (name == nullptr || _issuers.size() == 1) return &_issuers.front();
    if (name->string() == nullptr) return nullptr;
    const auto found = _byName.find(*name->string());
    return found == _byName.end() ? nullptr : &_issuers[found->second];
}

/// Nothing of the token is verified.
Refusal TokenValidator::unknownIssuer(const UnverifiedToken& token) const {
    std::string known;
    for (const auto& issuer : _issuers)
        known += (known.empty() ? "" : ", ") + issuer.policy.issuer;
    const auto* name = token.claim("iss");
    return Refusal{Cause::claimUnexpected, "iss"}.withEvidence(known,
                                                               name->string() ? *name->string() : "no text");
}

bool TokenValidator::isCurrent(const Generation& generation) const noexcept {
    const auto isOf = [&generation](const TrustedIssuer& issuer) {
        return issuer.generation == generation.issuer;
    };
    // An issuer has its old place unless a reload added, removed or moved others.
    const auto* issuer = generation.place < _issuers.size() ? &_issuers[generation.place] : nullptr;
    if (issuer == nullptr || !isOf(*issuer)) {
        const auto found = std::find_if(_issuers.begin(), _issuers.end(), isOf);
        if (found == _issuers.end()) return false;
        issuer = &*found;
    }
    return generation.keys == issuer->keys->generation();
}

std::variant<VerificationResult, TokenValidator::KeyFetchNeeded> TokenValidator::verify(
    std::string_view token) {
    auto parsed = UnverifiedToken::parse(token);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    const auto& claims = std::get<UnverifiedToken>(parsed).claims;
    const auto* issuer = issuerOf(claims ? &*claims : nullptr);
    if (issuer == nullptr) return unknownIssuer(std::get<UnverifiedToken>(parsed));
    const auto snapshot = issuer->keys->current();
    auto result = verifyUnder(*issuer, *snapshot, token, std::get<UnverifiedToken>(std::move(parsed)));
    const auto* refusal = std::get_if<Refusal>(&result);
    const auto reason = refusal != nullptr ? reasonToFetch(refusal->cause) : std::nullopt;
    if (!reason) return result;
    const bool isFinal = issuer->keys->generation() == snapshot->generation;
    if (isFinal && !issuer->keys->mayRefetch(*reason)) return result;
    return KeyFetchNeeded{issuer, *reason, *refusal, snapshot->generation};
}

VerificationResult TokenValidator::fetchKeysAndVerify(std::string_view token, KeyFetchNeeded needed) {
    if (auto result = verifyUnderNewer(token, needed)) return std::move(*result);
    return verifyUnderFetched(*needed.issuer->keys->refetch(needed.reason, needed.generation), token, needed);
}

TokenValidator::Joined TokenValidator::joinFetch(std::string_view token, KeyFetchNeeded& needed,
                                                 std::function<void()> ended) {
    if (auto result = verifyUnderNewer(token, needed)) return std::move(*result);
    auto joined = needed.issuer->keys->join(needed.reason, needed.generation, std::move(ended));
    if (auto* place = std::get_if<std::unique_ptr<KeySource::Place>>(&joined)) return std::move(*place);
    return verifyUnderFetched(*std::get<std::shared_ptr<const KeySnapshot>>(joined), token, needed);
}

VerificationResult TokenValidator::verifyAfterFetch(std::string_view token, const KeyFetchNeeded& needed) {
    return verifyUnderFetched(*needed.issuer->keys->current(), token, needed);
}

/// The result if other keys have come since the last one, and save the fetch; else `needed` is up to date.
std::optional<VerificationResult> TokenValidator::verifyUnderNewer(std::string_view token,
                                                                   KeyFetchNeeded& needed) {
    if (needed.issuer->keys->generation() == needed.generation) return std::nullopt;
    auto verified = verify(token);
    if (auto* result = std::get_if<VerificationResult>(&verified)) return std::move(*result);
    needed = std::get<KeyFetchNeeded>(std::move(verified));
    return std::nullopt;
}

VerificationResult TokenValidator::verifyUnderFetched(const KeySnapshot& snapshot, std::string_view token,
                                                      const KeyFetchNeeded& needed) {
    if (snapshot.keys && snapshot.generation == needed.generation) return needed.refusal;
    auto parsed = UnverifiedToken::parse(token);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return std::move(*refusal);
    return verifyUnder(*needed.issuer, snapshot, token, std::get<UnverifiedToken>(std::move(parsed)));
}

ValidationResult TokenValidator::validate(std::string_view token) {
    if (auto known = lookUp(token)) return principalOf(std::move(*known));
    auto verified = verify(token);
    if (const auto* needed = std::get_if<KeyFetchNeeded>(&verified))
        return principalOf(fetchKeysAndVerify(token, *needed));
    return principalOf(std::get<VerificationResult>(std::move(verified)));
}

std::optional<VerificationResult> TokenValidator::lookUp(std::string_view token) {
    if (!_cache) return std::nullopt;
    auto known = _cache->lookUp(token, _isCurrent);
    if (!known) return std::nullopt;
    if (auto refusal = checkAgain(*known)) return std::move(*refusal);
    return known;
}

std::optional<Refusal> TokenValidator::checkAgain(const VerifiedToken& token) const {
    if (auto refusal = token.period.check(wholeSeconds(_clock.wall()))) return refusal;
    return checkRevocation(token);
}

std::optional<Refusal> TokenValidator::checkRevocation(const VerifiedToken& token) const {
    if (!_revocations) return std::nullopt;
    if (!knowsRevocations()) return Refusal{Cause::revocationsUnavailable, {}, revocationsRetryAfter};
    if (_revocations->isRevoked(token.revocationKeys, token.period.issuedAt)) return Refusal{Cause::revoked};
    return std::nullopt;
}

VerificationResult TokenValidator::verifyUnder(const TrustedIssuer& issuer, const KeySnapshot& snapshot,
                                               std::string_view token, UnverifiedToken parsed) {
    if (!snapshot.keys) return Refusal{snapshot.cause, {}, issuer.keys->retryAfter()};
    const auto allowed = AllowedAlgorithms::oneForEachKey(issuer.policy.algorithms);
    if (auto refusal = verifySignature(parsed.jws, *snapshot.keys, allowed)) return std::move(*refusal);
    if (parsed.jws.isUnencoded()) return Refusal{Cause::payloadUnencoded};
    if (!parsed.payload) return Refusal{Cause::payloadNotBase64Url};

    auto checked = checkClaims(parsed.jws.header(), parsed.claims ? &*parsed.claims : nullptr,
                               std::move(*parsed.payload), issuer.policy, wholeSeconds(_clock.wall()));
    if (auto* refusal = std::get_if<Refusal>(&checked)) return std::move(*refusal);
    auto& passed = std::get<VerifiedToken>(checked);
    if (_revocations) passed.revocationKeys = revocationKeysOf(*parsed.claims, passed.principal.subject);
    if (auto refusal = checkRevocation(passed)) return std::move(*refusal);
    auto verified = std::make_shared<const VerifiedToken>(std::move(passed));
    if (_cache) {
        const auto place = static_cast<std::size_t>(&issuer - _issuers.data());
        _cache->insert(token, {place, issuer.generation, snapshot.generation}, verified, _isCurrent);
    }
    return verified;
}

}  // namespace changebank::security
